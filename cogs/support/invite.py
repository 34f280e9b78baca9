"""The link that invites the bot: with the permissions that it uses, and no others."""

from __future__ import annotations

import discord

from coach.wording_choices import PERMISSIONS

SCOPES = ("bot", "applications.commands")
TO_A_SERVER = 0
"""Discord's number for adding an application to a server; 1 is for adding it to one's account."""


def invitation(application_id: int) -> str:
    """The address at which somebody who manages a server adds the bot to it.

    Args:
        application_id: the application's id.
    """
    permissions = discord.Permissions(**dict.fromkeys(PERMISSIONS, True))
    link = discord.utils.oauth_url(application_id, permissions=permissions, scopes=SCOPES)
    # To a server: where people may add the application to their account, the link has to say which is meant.
    return f"{link}&integration_type={TO_A_SERVER}"


async def application_of(token: str) -> int:
    """The id of the application that a token belongs to, as Discord says.

    Raises:
        discord.LoginFailure: Discord refuses the token.
    """
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(token)
        assert client.application_id is not None  # noqa: S101  # known since the login
        return client.application_id
