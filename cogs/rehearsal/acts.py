"""What can be done in the rehearsal room: write, react, use commands, menus, buttons and forms."""

from __future__ import annotations

from typing import Annotated, Any, Literal, cast

from pydantic import Base64Bytes, BaseModel, Field, TypeAdapter

from cogs.rehearsal.world import World

NOT_FINISHED = "The bot is still busy with this; what it does appears here when it's done."
FORM_CLOSED = "This form has been closed; open it once more."
LARGEST_OF_BROWSERS = 2**53 - 1
"""The largest whole number that JavaScript tells from its neighbours."""

_USER, _CHANNEL, _ROLE, _MENTIONABLE = 6, 7, 8, 9
_ENTITY_MENUS = {5: _USER, 6: _ROLE, 7: _MENTIONABLE, 8: _CHANNEL}
"""The menus of members, roles, both and channels, and the option of a command that takes the same."""


class File(BaseModel):
    """A file that somebody attaches."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^/\\]+$")]
    data: Base64Bytes


Value = str | bool | File | list[str] | list[File]


class _Act(BaseModel):
    channel: int


class Send(_Act):
    """Write a message."""

    do: Literal["send"]
    text: str
    reply: int | None = None
    files: list[File] = []


class Edit(_Act):
    """Change one's own message."""

    do: Literal["edit"]
    message: int
    text: str


class Delete(_Act):
    """Delete one's own message, or put away one that only oneself sees."""

    do: Literal["delete"]
    message: int


class React(_Act):
    """Add a reaction, or take it off."""

    do: Literal["react"]
    message: int
    emoji: str
    on: bool


class Slash(_Act):
    """Use a slash command."""

    do: Literal["slash"]
    name: str
    options: dict[str, Value] = {}


class Complete(_Act):
    """Ask for suggestions while typing into an option."""

    do: Literal["complete"]
    name: str
    option: str
    value: str
    options: dict[str, Value] = {}


class Menu(_Act):
    """Use an entry of a message's menu."""

    do: Literal["menu"]
    name: str
    message: int


class Click(_Act):
    """Press a button."""

    do: Literal["click"]
    message: int
    custom_id: str


class Select(_Act):
    """Choose from a menu."""

    do: Literal["select"]
    message: int
    custom_id: str
    kind: int
    values: list[str]


class Submit(_Act):
    """Send a form."""

    do: Literal["submit"]
    form: int
    values: dict[str, Value]


Act = Annotated[
    Send | Edit | Delete | React | Slash | Complete | Menu | Click | Select | Submit, Field(discriminator="do")
]
ACTS: TypeAdapter[Act] = TypeAdapter(Act)


class Acting:
    """The people of the room, doing what the page says."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._forms: dict[int, Any] = {}
        self.done = 0
        """How many acts there have been."""

    async def perform(self, viewer_id: int, act: Act) -> dict[str, Any]:
        """Do something as one of the members.

        Args:
            viewer_id: one of the room's members.
            act: what to do.

        Returns:
            `form`, one that the bot opens, or `choices`, what it suggests, or `refused`, why Discord would not let
            this member do it; or nothing.
        """
        from simcord.backend.errors import BackendError, SetupError  # noqa: PLC0415

        async with self._world.turn:
            try:
                return await self._do(viewer_id, act)
            except (SetupError, BackendError) as error:
                return {"refused": f"Discord would not allow this: {error}"}
            except TimeoutError:
                return {"refused": NOT_FINISHED}
            finally:
                self.done += 1

    async def _do(self, viewer_id: int, act: Act) -> dict[str, Any]:
        member = self._world.members[viewer_id]
        backend = self._world.env.backend
        channel = self._channel(act.channel)
        direct = channel.guild is None
        actor, where = (member.user, ()) if direct else (member, (channel,))
        match act:
            case Send():
                await self._send(member, channel, act)
            case Edit():
                await actor.edit(self._message(act.channel, act.message), act.text)
            case Delete():
                message = backend.get_message(act.channel, act.message)
                if message.is_ephemeral and message.visible_to(viewer_id):
                    backend.delete_message(act.channel, act.message)
                else:
                    await actor.delete(self._message(act.channel, act.message))
            case React():
                await actor.set_reaction(self._message(act.channel, act.message), act.emoji, reacted=act.on)
            case Complete():
                options = self._options(viewer_id, act)
                options.pop(act.option, None)
                found = await actor.autocomplete(*where, act.name, act.option, act.value, **options)
                return {"choices": found}
            case Slash():
                return self._shown(await actor.slash(*where, act.name, **self._options(viewer_id, act)))
            case Menu():
                message = self._message(act.channel, act.message)
                return self._shown(await member.context_menu(channel, act.name, message))
            case Click():
                message = self._message(act.channel, act.message)
                return self._shown(await actor.click(message, custom_id=act.custom_id))
            case Select():
                values = self._chosen(act.kind, act.values)
                message = self._message(act.channel, act.message)
                return self._shown(await actor.select(message, values, custom_id=act.custom_id))
            case Submit():
                shown = self._forms.pop(act.form, None)
                if shown is None:
                    return {"refused": FORM_CLOSED}
                kinds = _controls(shown.modal["components"])
                values = {name: self._chosen(kinds.get(name, 0), value) for name, value in act.values.items()}
                return self._shown(await actor.submit_modal(shown, values))
        return {}

    async def _send(self, member: Any, channel: Any, act: Send) -> None:
        files = [(file.name, file.data) for file in act.files]
        replied = None if act.reply is None else self._message(act.channel, act.reply)
        if channel.guild is not None:
            await member.send(channel, act.text, reply_to=replied, attachments=files)
            return
        backend = self._world.env.backend
        reference = {"channel_id": str(act.channel), "message_id": str(act.reply)} if act.reply else None
        attached = backend.store_attachments(act.channel, files)
        await member.send_dm(act.text, reference=reference, attachments=attached)

    def _shown(self, result: Any) -> dict[str, Any]:
        """The form that the bot opens in answer to an act, if it does."""
        if result.modal is None:
            return {}
        number = result._interaction.id
        self._forms[number] = result
        return {"form": {**_with_long_ids(result.modal), "number": str(number)}}

    def _channel(self, channel_id: int) -> Any:
        from simcord import ChannelHandle  # noqa: PLC0415

        found = self._world.env.backend.get_channel(channel_id)
        return ChannelHandle(self._world.env, None if found.guild_id is None else self._world.guild, found)

    def _message(self, channel_id: int, message_id: int) -> Any:
        from simcord.results import to_discord_message  # noqa: PLC0415

        return to_discord_message(self._world.env, self._world.env.backend.get_message(channel_id, message_id))

    def _options(self, viewer_id: int, act: Slash | Complete) -> dict[str, Any]:
        """The values of a command's options as SimCord takes them; a half-typed number is left out."""
        from simcord.interactions import command_leaves  # noqa: PLC0415

        backend = self._world.env.backend
        declared: dict[str, int] = {
            option["name"]: option["type"]
            for command in backend.visible_commands(user_id=viewer_id, channel_id=act.channel)
            for path, leaf in command_leaves(command)
            if " ".join(path) == act.name
            for option in cast("list[dict[str, Any]]", leaf.get("options") or [])
        }
        return {name: self._option(declared.get(name, 0), value) for name, value in act.options.items()}

    def _option(self, kind: int, value: Value) -> Any:
        match kind, value:
            case (4, str()):
                return int(value) if value.lstrip("-").isdecimal() else value
            case (10, str()):
                try:
                    return float(value)
                except ValueError:
                    return value
            case (5, str()):
                return value == "true"
            case (11, File()):
                return value.name, value.data
            case ((6 | 7 | 8 | 9), str()):
                return self._entity(kind, value)
            case _:
                return value

    def _chosen(self, kind: int, value: Value) -> Any:
        """What was chosen in a menu or a form, as SimCord takes it."""
        if isinstance(value, list):
            if kind in _ENTITY_MENUS:
                return [self._entity(_ENTITY_MENUS[kind], cast("str", one)) for one in value]
            return [(one.name, one.data) if isinstance(one, File) else one for one in value]
        return value

    def _entity(self, kind: int, number: str) -> Any:
        """The member, role or channel of an id; what is none of them is left for SimCord to refuse."""
        if not number.isdecimal():
            return number
        roles = {role.id: role for role in self._world.guild.roles.values()}
        found = {
            _USER: self._world.members,
            _ROLE: roles,
            _MENTIONABLE: {**roles, **self._world.members},
        }.get(kind)
        return self._channel(int(number)) if found is None else found.get(int(number), number)


def _controls(components: list[dict[str, Any]]) -> dict[str, int]:
    """The kind of each field of a form, by its name."""
    found: dict[str, int] = {}
    for component in components:
        inner = component.get("components") or ([component["component"]] if "component" in component else [])
        found |= _controls(inner)
        if "custom_id" in component:
            found[component["custom_id"]] = component["type"]
    return found


def _with_long_ids(part: Any) -> Any:
    """A part of a form with its ids as text: they are too long for a number of a browser's."""
    if isinstance(part, dict):
        return {key: _with_long_ids(value) for key, value in cast("dict[str, Any]", part).items()}
    if isinstance(part, list):
        return [_with_long_ids(one) for one in cast("list[Any]", part)]
    return str(part) if isinstance(part, int) and part > LARGEST_OF_BROWSERS else part
