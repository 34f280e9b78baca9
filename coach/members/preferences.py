"""The preferences in force: a member's own choices, else their server's, else the configuration's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from coach.balance.standing import Goal
from coach.local_days import due_at, due_of_day, local_day
from coach.nudging.policy import NudgePolicy
from coach.settings import NudgeWhere, QuestionWhere, Settings
from coach.store.account_book import Account, OwnGoal
from coach.store.people import Guild, Member


@dataclass(frozen=True, slots=True)
class Preferences:
    """What applies to one member of a server, or to the server as a whole.

    Attributes:
        zone: their time zone.
        day_ends_at: local time at which their day ends.
        goal: target, band and window.
        nudge_where: where nudges go.
        question_where: where the bot asks about drafts that could be either or are in a language it doesn't know.
        question_cap: how many questions there may be in a local day.
        paused: whether they have paused the bot.
        nudge_policy: when nudges may come.
        dm_refused: whether they chose nudges by direct message and get none, as Discord refuses them.
        summary_at: local time of their daily summary.
    """

    zone: ZoneInfo
    day_ends_at: time
    goal: Goal
    nudge_where: NudgeWhere
    question_where: QuestionWhere
    question_cap: int
    paused: bool
    nudge_policy: NudgePolicy
    dm_refused: bool
    summary_at: time

    @property
    def asks(self) -> bool:
        """Whether the bot asks about drafts when they come."""
        return self.question_where in ("reply", "dm")

    def day_of(self, moment: datetime) -> date:
        """The local day that a moment belongs to."""
        return local_day(moment, self.zone, self.day_ends_at)

    def summary_moment(self, day: date) -> datetime:
        """When the summary of a local day is due; aware, in UTC."""
        return due_of_day(day, self.summary_at, self.zone, self.day_ends_at)

    def next_summary(self, after: datetime, past: date | None = None) -> tuple[date, datetime]:
        """The first local day whose summary is due later than `after`, and when.

        Args:
            after: aware time.
            past: a day that has had its summary; neither it nor an earlier day comes again.
        """
        day = self.day_of(after) - timedelta(days=1)
        if past is not None:
            day = max(day, past + timedelta(days=1))
        while (moment := self.summary_moment(day)) <= after:
            day += timedelta(days=1)
        return day, moment

    def end_of_day(self, moment: datetime) -> datetime:
        """When the local day of a moment ends; aware, in UTC."""
        return due_at(self.day_of(moment) + timedelta(days=1), self.day_ends_at, self.zone)


def preferences_of(settings: Settings, guild: Guild, member: Member | None = None) -> Preferences:
    """The preferences of a member, or of the server if `member` is None."""
    own = member or Member(guild.guild_id, 0)
    zone = ZoneInfo(own.timezone or guild.timezone or settings.timezone)
    nudges = settings.nudges
    nudge_where = own.nudge_where or nudges.where
    dm_refused = nudge_where == "dm" and own.dm is not None
    if dm_refused:
        nudge_where = "summary"  # In the channel, everybody would read what they wanted to see alone.
    return Preferences(
        zone=zone,
        day_ends_at=settings.day_ends_at,
        goal=Goal(
            _first(own.target, guild.target, settings.balance.target),
            _first(own.band, guild.band, settings.balance.band),
            own.window_days or guild.window_days or settings.balance.window_days,
            preset=own.preset if own.target is not None else guild.preset,
        ),
        nudge_where=nudge_where,
        question_where=_question_where(settings, guild, own, nudge_where),
        question_cap=settings.questions.daily_cap,
        paused=own.paused,
        nudge_policy=NudgePolicy(
            daily_cap=nudges.daily_cap,
            gap=timedelta(hours=own.nudge_gap_hours or nudges.gap_hours),
            patience=nudges.patience,
            quiet_from=own.quiet_from if own.quiet_from is not None else nudges.quiet_from,
            quiet_until=own.quiet_until if own.quiet_until is not None else nudges.quiet_until,
            snoozed_until=own.snoozed_until,
            zone=zone,
            day_ends_at=settings.day_ends_at,
            held_back=0.0 if own.trial is False else nudges.held_back,
        ),
        dm_refused=dm_refused,
        summary_at=own.summary_at or guild.summary_at or settings.summary.at,
    )


def goal_for(account: Account, usual: Goal, own: OwnGoal | None = None) -> Goal:
    """The goal that holds for an account.

    Args:
        account: the account.
        usual: what holds where neither the account nor its author has chosen anything.
        own: what the author chose for this account; None if nothing.
    """
    if own is not None:
        return Goal(own.target, own.band, own.window_days, own.preset)
    if account.target is None or account.band is None:
        return replace(usual, window_days=account.window_days or usual.window_days)
    return Goal(account.target, account.band, account.window_days or usual.window_days, account.preset)


def _question_where(settings: Settings, guild: Guild, own: Member, nudge_where: NudgeWhere) -> QuestionWhere:
    # Members who want no nudges on their drafts want no questions on them either, unless they say so.
    where = own.question_where or ("history" if nudge_where == "summary" else nudge_where)
    if where == "off":
        return "off"
    allowed = settings.ask_when_unsure and guild.questions is not False
    if not allowed or (where == "dm" and own.dm is not None):
        return "history"  # Which only they see, and where they look for themselves.
    return where


def _first(*shares: float | None) -> float:
    return next(share for share in shares if share is not None)
