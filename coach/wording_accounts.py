"""What the bot says about accounts: their set-up, their balances in the summary, and who drafts for which."""

from __future__ import annotations

from collections.abc import Sequence

from coach.balance.standing import Goal, Tally
from coach.balance.week import Week
from coach.labels import Label
from coach.settings import Counts
from coach.wording import counted, goal_line, long_date, number, percent

EVERYTHING = "All accounts together"
"""What stands for a member's total in the list of accounts to choose from."""
NO_ACCOUNT = "Without an account"

# The form

ADD_TITLE, EDIT_TITLE = "A new account", "Change an account"
NAME, CHANNELS, TAGS, GOAL, WHOSE = "Name", "Channels", "Forum tags", "Goal", "Whose balance"
NAME_HINT = "A brand, a client or a profile, such as “Fernhill on LinkedIn”."
CHANNELS_HINT = "Drafts in these channels, their threads and posts belong to it."
TAGS_HINT = "Forum posts with one of these tags belong to it, whatever their forum does."
GOAL_HINT = "Conversation, band and days: 50%, 15%, 14. Or a preset. Empty: as the server has it."
WHOSE_OPTIONS = {"shared": "Shared: one balance for all who draft for it", "own": "Each author's own"}
WHOSE_HINT = "Shared suits a brand; own suits people who each post for themselves."

MOVE, LEAVE = "Move them too", "Leave them"
LEFT = "They stay where they are. Drafts from now on go by their channel."
NONE_YET = (
    "This server has no accounts: all drafts count together, each author's for themselves. **/account add** "
    "names the first one."
)
WHERE_TO = "Where do its drafts go?"
NOTHING_IN_IT = "no channel yet"

ACCOUNTS_TITLE = "Accounts"
TEAM_TITLE = "Who drafted for what in the last seven days"
NOBODY_DRAFTED = "Nothing that counts has been drafted in the last seven days."
TEAM_FOOT = "Only those who agreed with /summary figures are told apart."
WHO_DRAFTED = "Who drafted"
BY_ACCOUNT = "By account"

FIGURES = {
    True: (
        "Your figures are now shown to others: in the server's summary, and in **/team** to those who manage the "
        "server. **/summary figures** turns that off."
    ),
    False: (
        "The server's summary and **/team** don't show your figures; the summary only names you among those who "
        "drafted."
    ),
}
FIGURES_ARE_A_CHOICE = (
    "New: a member's figures are shown here only if they want it, and else just the name. /summary figures turns "
    "them on."
)
FIGURES_STAY = (
    "No figures: they would give somebody's own away. **/balance** shows yours; **/summary figures** lets them "
    "be shown here."
)
OPPOSITE = "Some publish more, some reply more: one figure for all says little."
SWAP = "Next: swap for a day. Whoever has published most answers somebody, and the other way round."


def account_saved(name: str, channels: Sequence[str], goal: Goal, *, shared: bool, new: bool) -> str:
    """What an account is from now on; channels and tags are given as Discord shows them."""
    where = ", ".join(channels) if channels else NOTHING_IN_IT
    whose = "one balance for all who draft for it, shown in the summary" if shared else "each author's own balance"
    return f"**{name}** {'is set up' if new else 'is changed'}: {where}. Goal: {goal_line(goal)}; {whose}."


def taken_from(names: Sequence[str]) -> str:
    """From which accounts it has taken channels or tags."""
    return f"Some of these belonged to {', '.join(f'**{name}**' for name in names)} until now."


def not_watched(channels: Sequence[str]) -> str:
    """That drafts in some channels don't count yet."""
    return f"I don't read {', '.join(channels)} yet; **/setup channel** changes that."


def move_question(count: int) -> str:
    """The question about drafts that were recorded before a place changed hands."""
    if count == 1:
        return "One earlier draft still counts elsewhere than its channel does now. Move it too?"
    drafts = f"{number(count).capitalize()} earlier drafts"
    return f"{drafts} still count elsewhere than their channels do now. Move them too?"


def moved(count: int) -> str:
    """How many drafts count for the account of their channel now."""
    if not count:
        return "There was nothing left to move."
    if count == 1:
        return "One draft is moved; it counts where its channel does."
    return f"{number(count).capitalize()} drafts are moved; they count where their channels do."


def account_line(
    channels: Sequence[str], goal: Goal, drafts: int, *, shared: bool, counts: Counts = "drafted"
) -> str:
    """An account in the list of all."""
    where = ", ".join(channels) or NOTHING_IN_IT
    whose = "one balance for all" if shared else "each author's own balance"
    only = " Only what is posted counts." if counts == "posted" else ""
    return f"{where}\n{goal_line(goal)}; {whose}. {counted(drafts, 'draft').capitalize()} so far.{only}"


def really_remove(name: str, drafts: int) -> str:
    """What removing an account does, before it is done."""
    has = f"It has {counted(drafts, 'draft')}." if drafts else "It has no drafts."
    return (
        f"Remove **{name}**? {has} Choose where its drafts go, and it is removed; if they go to another account, "
        "its channels do too. If you choose nothing, it stays."
    )


def goes_to(name: str | None) -> str:
    """An entry of the menu that removes an account; None for the unnamed one."""
    return f"To {name}" if name is not None else "They count without an account"


def removed(name: str, drafts: int, into: str | None) -> str:
    """That an account has been removed; `into` took its drafts, None for the unnamed one."""
    if not drafts:
        return f"**{name}** is removed; it had no drafts."
    where = f"for **{into}**" if into is not None else "without an account"
    has = "Its one draft counts" if drafts == 1 else f"Its {number(drafts)} drafts count"
    return f"**{name}** is removed. {has} {where} now."


def own_goal_now(name: str, goal: Goal) -> str:
    """The goal that a member has just chosen for an account."""
    return f"Your goal for **{name}** is now {goal_line(goal)}."


def goal_there(name: str, goal: Goal, *, shared: bool) -> str:
    """The goal that holds for an account."""
    whose = "The goal" if shared else "Your goal"
    return f"{whose} for **{name}**: {goal_line(goal)}."


# Balances


def balance_title(account: str, name: str | None) -> str:
    """What stands above the balance of an account; of one author in it, or of all for None."""
    return f"Balance of {account}" if name is None else f"Balance of {name} for {account}"


def own_line(account: str, tally: Tally) -> str:
    """One account in a member's total."""
    return f"{account}: {tally.content} content, {tally.conversation} conversation"


def history_title(account: str, title: str) -> str:
    """What stands above a member's drafts for an account; `title` for all of them."""
    return f"{account}: {title[:1].lower()}{title[1:]}"


def who_drafted(names: Sequence[str], more: int) -> str:
    """Who drafted on a day."""
    rest = f", and {number(more)} more" if more else ""
    return f"{', '.join(names)}{rest}"


def chart_of(account: str) -> str:
    """Which account the chart shows; an empty name for what belongs to none."""
    return f"The chart shows {account}." if account else "The chart shows what belongs to no account."


def week_title(week: Week, account: str) -> str:
    """What stands above the look-back on a week for one account."""
    return f"The week up to {long_date(week.last)}: {account}"


# /team


def leaning(label: Label | None) -> str:
    """What somebody mostly does for an account; None if both alike."""
    if label is None:
        return "does both"
    return "mostly replies" if label is Label.CONVERSATION else "mostly publishes"


def member_in_team(name: str, label: Label | None) -> str:
    """Somebody who agreed, in the list of an account."""
    return f"{name} {leaning(label)}."


def others_in_team(count: int, *, alone: bool) -> str:
    """How many more drafted for an account, who are not told apart."""
    if alone:
        return f"{number(count).capitalize()} {'person' if count == 1 else 'people'} drafted."
    return f"And {number(count)} more."


def covers(one: Sequence[str], other: Sequence[str]) -> str:
    """Who makes up for whom: those who mostly reply, and those who mostly publish."""
    return f"{' and '.join(one)} {'covers' if len(one) == 1 else 'cover'} the replies for {' and '.join(other)}."


def together(share: float) -> str:
    """The share of those who agreed together."""
    return f"Together {percent(share)} conversation."
