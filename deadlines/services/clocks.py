"""The verbs of a clock: start, meet, stop, pause, resume, extend, reopen, hold. Called inside the verbs of the apps
above, in their transaction and under their row lock; ``at`` is the instant of the act.

``part``: ``""`` is the subject's own part, a name ("co:12", "decision:7") that part, None every part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common.errors import Conflict
from deadlines import calendar, ladder
from deadlines.calendar import Calendar
from deadlines.models import Clock, ClockChange, Pause, TimeRule
from deadlines.services import rules
from deadlines.states import LimitUnit, Side

# What ``Calendar.shift`` moves by, for a limit in each unit.
STEP = {LimitUnit.WORKING_DAYS: "wd", LimitUnit.WORKING_HOURS: "min", LimitUnit.CALENDAR_DAYS: "cd"}
INSTANTS = ["yellow_at", "red_at", "candidate_at", "next_rung", "next_rung_at"]


@dataclass(frozen=True, kw_only=True)
class Start:
    """What one clock starts with. The limit is the time rule of ``kind`` and ``case`` on that day; ``amount`` and
    ``unit`` stand in its place, ``half`` halves it (rounded up); ``due_at`` is a deadline agreed elsewhere."""

    subject_kind: str
    subject_id: int
    subject_ref: str
    kind: str
    at: datetime
    case: str = ""
    part: str = ""
    round: int = 1
    side: str = Side.GOVERNMENT
    holder_unit_id: int | None = None
    holder_post_id: int | None = None
    leader_id: int | None = None
    office_id: int | None = None
    amount: int | None = None
    unit: str | None = None
    half: bool = False
    due_at: datetime | None = None
    imported: bool = False
    approximate_start: bool = False


def start(**fields: Any) -> Clock:
    """Start one clock; the fields are those of :class:`Start`."""
    return start_many([Start(**fields)])[0]


@transaction.atomic
def start_many(starts: Sequence[Start]) -> list[Clock]:
    """Start clocks, in the order given, with three statements in all."""
    if not starts:
        return []
    table = calendar.current()
    by_day: dict[date, dict[tuple[str, str], TimeRule]] = {}
    for day in {calendar.day_of(one.at) for one in starts}:
        by_day[day] = rules.rules_on(day, [one.kind for one in starts])
    return Clock.objects.bulk_create(
        [_build(one, table, rules.pick(by_day[calendar.day_of(one.at)], one.kind, one.case)) for one in starts]
    )


def _build(one: Start, table: Calendar, rule: TimeRule | None) -> Clock:
    amount, unit = _limit(one, rule)
    due = one.due_at if one.due_at is not None else table.due(one.at, amount or 0, unit)
    clock = Clock(
        kind=one.kind,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        subject_ref=one.subject_ref,
        part=one.part,
        round=one.round,
        side=one.side,
        holder_unit_id=one.holder_unit_id,
        holder_post_id=one.holder_post_id,
        leader_id=one.leader_id,
        office_id=one.office_id,
        rule=None if one.due_at is not None else rule,
        calendar_id=table.version_id,
        amount=amount,
        unit=unit,
        given=one.due_at is not None,
        imported=one.imported,
        approximate_start=one.approximate_start,
        started_at=one.at,
        first_due_at=due,
    )
    _set_due(clock, table, due)
    return clock


def _limit(one: Start, rule: TimeRule | None) -> tuple[int | None, str]:
    """(amount, unit) of a limit; a given deadline has no amount and counts in working days."""
    if one.due_at is not None:
        return None, LimitUnit.WORKING_DAYS
    if one.amount is not None:
        return one.amount, one.unit or (rule.unit if rule else LimitUnit.WORKING_DAYS)
    if rule is None:
        raise LookupError(f"No time rule for {one.kind!r} {one.case!r}, and neither an amount nor a due date is given")
    return rules.half(rule.amount) if one.half else rule.amount, rule.unit


def _set_due(clock: Clock, table: Calendar, due: datetime) -> None:
    """Give the clock this due date, with the instants and the ladder that follow from it."""
    clock.due_at = due
    clock.provisional = table.is_provisional(calendar.day_of(due))
    computed = ladder.instants(table, start=clock.started_at, due=due, unit=clock.unit)
    for name in INSTANTS:
        setattr(clock, name, getattr(computed, name))


def _locked(subject_kind: str, subject_id: int, kinds: Iterable[str] | None, part: str | None) -> list[Clock]:
    """The subject's open clocks, locked in the order of their number."""
    return list(
        Clock.objects.of(subject_kind, subject_id)
        .open()
        .of_kinds(kinds)
        .part_of(part)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )


# Ending --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def meet(
    *, subject_kind: str, subject_id: int, kinds: Iterable[str], at: datetime, part: str | None = ""
) -> list[Clock]:
    """What the open clocks of these kinds waited for has been done. Done at the very instant of due is on time; a
    paused clock gets its lost time back first."""
    clocks = _locked(subject_kind, subject_id, kinds, part)
    for clock in clocks:
        if clock.paused_at:
            _end_pause(clock, at)
        clock.met_at = at
        # The sweep may have come before the act of the same instant, and after it when it was late.
        clock.breached_at = clock.due_at if at > clock.due_at else None
        clock.save(update_fields=["met_at", "breached_at"])
    return clocks


@transaction.atomic
def stop(
    *,
    subject_kind: str,
    subject_id: int,
    reason: str,
    at: datetime,
    kinds: Iterable[str] | None = None,
    part: str | None = None,
) -> list[Clock]:
    """End open clocks without their being met: they count nowhere. All kinds and parts unless named."""
    clocks = _locked(subject_kind, subject_id, kinds, part)
    for clock in clocks:
        if clock.paused_at:
            _close_pause(clock, at)
        elif at > clock.due_at:
            clock.breached_at = clock.due_at
        clock.stopped_at, clock.stop_reason, clock.paused_at = at, reason, None
        clock.save(update_fields=["stopped_at", "stop_reason", "breached_at", "paused_at"])
    return clocks


# Standing still ------------------------------------------------------------------------------------------------------


@transaction.atomic
def pause(
    *,
    subject_kind: str,
    subject_id: int,
    reason: str,
    awaited: str,
    wakes_on: date | None,
    at: datetime,
    kinds: Iterable[str] | None = None,
    part: str | None = None,
) -> list[Clock]:
    """Let the running clocks stand still until ``resume``, or until 09:00 of ``wakes_on`` (the sweep tells the app)."""
    clocks = [clock for clock in _locked(subject_kind, subject_id, kinds, part) if not clock.paused_at]
    for clock in clocks:
        # Due before the pause: late, whether or not the sweep has been there.
        if at > clock.due_at and not clock.breached_at:
            clock.breached_at = clock.due_at
        clock.paused_at = at
        clock.save(update_fields=["paused_at", "breached_at"])
    Pause.objects.bulk_create(
        Pause(clock=clock, started_at=at, reason=reason, awaited=awaited, wakes_on=wakes_on) for clock in clocks
    )
    return clocks


@transaction.atomic
def resume(
    *,
    subject_kind: str,
    subject_id: int,
    at: datetime,
    kinds: Iterable[str] | None = None,
    part: str | None = None,
) -> list[Clock]:
    """Let paused clocks run again, each due date moved by the time really lost: a day is lost if the clock was paused
    at its close of business; an hour limit loses working minutes."""
    clocks = [clock for clock in _locked(subject_kind, subject_id, kinds, part) if clock.paused_at]
    for clock in clocks:
        _end_pause(clock, at)
    return clocks


def _end_pause(clock: Clock, at: datetime) -> None:
    table = calendar.of(clock.calendar_id)
    since, lost = _close_pause(clock, at)
    clock.paused_at = None
    if clock.breached_at:
        _hold_back_ladder(clock, table, since, at)
    elif lost:
        _move(clock, table, lost, at=at, why=ClockChange.Why.RESUME, since=since)
    clock.save(update_fields=["paused_at", "due_at", "provisional", *INSTANTS])


def _close_pause(clock: Clock, at: datetime) -> tuple[datetime, int]:
    """End the open pause. Returns when it began and what was lost, in the clock's own unit."""
    row = clock.pauses.select_for_update(no_key=True).get(ended_at__isnull=True)
    table = calendar.of(clock.calendar_id)
    if clock.unit == LimitUnit.WORKING_HOURS:
        row.lost = table.working_minutes_between(row.started_at, at)
    else:
        row.lost = table.closes_between(row.started_at, at, working=clock.unit == LimitUnit.WORKING_DAYS)
    row.ended_at = at
    row.save(update_fields=["ended_at", "lost"])
    return row.started_at, row.lost


def _hold_back_ladder(clock: Clock, table: Calendar, since: datetime, at: datetime) -> None:
    """A late clock keeps its due date, but climbs no rung for the days in which it stood still."""
    days = table.closes_between(since, at)
    for name in ladder.HELD_BACK.values():
        if getattr(clock, name) >= since:
            setattr(clock, name, table.shift(getattr(clock, name), days, "wd"))
    if clock.next_rung in ladder.HELD_BACK:
        clock.next_rung_at = getattr(clock, ladder.HELD_BACK[clock.next_rung])


def _move(
    clock: Clock,
    table: Calendar,
    amount: int,
    *,
    at: datetime,
    why: str,
    since: datetime,
) -> None:
    """Move the due date on by ``amount`` in the clock's own unit and write down why."""
    before = clock.due_at
    _set_due(clock, table, table.shift(before, amount, STEP[LimitUnit(clock.unit)]))
    _write_change(clock, before, amount, at=at, why=why, since=since)


def _write_change(clock: Clock, before: datetime, amount: int, **facts: Any) -> None:
    ClockChange.objects.create(
        clock=clock, before=before, after=clock.due_at, days=amount, calendar_id=clock.calendar_id, **facts
    )


# Moving --------------------------------------------------------------------------------------------------------------


@transaction.atomic
def extend(*, clock_id: int, days: int, reason: str, post_id: int | None, at: datetime) -> Clock:
    """Move the due date on by ``days`` (calendar days for such a limit, else working days). Granted after due it also
    clears the breach that came between; ``first_due_at`` keeps the original date."""
    clock = _open_clock(clock_id)
    table = calendar.of(clock.calendar_id)
    step = "cd" if clock.unit == LimitUnit.CALENDAR_DAYS else "wd"
    before = clock.due_at
    _set_due(clock, table, table.shift(before, days, step))
    clock.extended += days
    if not clock.paused_at:
        clock.breached_at = clock.due_at if at > clock.due_at else None
    elif clock.due_at >= clock.paused_at:
        clock.breached_at = None
    clock.save(update_fields=["due_at", "extended", "breached_at", "provisional", *INSTANTS])
    _write_change(clock, before, days, at=at, why=ClockChange.Why.EXTEND, reason=reason, post_id=post_id)
    return clock


@transaction.atomic
def reopen_met(*, clock_id: int, at: datetime) -> Clock:
    """Let a met clock run on: what had met it was sent back. Its due date moves by the working days in between; a late
    one keeps it."""
    clock = Clock.objects.select_for_update(of=("self",), no_key=True).get(pk=clock_id)
    if clock.met_at is None:
        raise Conflict(_("This deadline is not met."), code="clock_not_met")
    met_at, clock.met_at = clock.met_at, None
    if not clock.breached_at:
        table = calendar.of(clock.calendar_id)
        days = _between(clock, table, met_at, at)
        if days:
            _move(clock, table, days, at=at, why=ClockChange.Why.SEND_BACK, since=met_at)
    clock.save(update_fields=["met_at", "due_at", "provisional", *INSTANTS])
    return clock


def _between(clock: Clock, table: Calendar, start: datetime, end: datetime) -> int:
    """The time between two instants in the clock's own unit, at least so much that a timely clock stays timely: what
    was proposed in the last hour and sent back in the evening isn't late at once."""
    if clock.unit == LimitUnit.WORKING_HOURS:
        return table.working_minutes_between(start, end)
    a, b = calendar.day_of(start), calendar.day_of(end)
    days = (b - a).days if clock.unit == LimitUnit.CALENDAR_DAYS else table.working_days_between(a, b)
    step = STEP[LimitUnit(clock.unit)]
    return days if table.shift(clock.due_at, days, step) > end else days + 1


def _open_clock(clock_id: int) -> Clock:
    clock = Clock.objects.select_for_update(of=("self",), no_key=True).get(pk=clock_id)
    if clock.met_at or clock.stopped_at:
        raise Conflict(_("This deadline has ended."), code="clock_ended")
    return clock


# Whom it is for ------------------------------------------------------------------------------------------------------


@transaction.atomic
def hold(
    *,
    subject_kind: str,
    subject_id: int,
    kinds: Iterable[str] | None = None,
    part: str | None = None,
    **whom: int | None,
) -> list[Clock]:
    """Give open clocks another holder or another line: any of ``holder_unit_id``, ``holder_post_id``, ``leader_id``,
    ``office_id``; what isn't named stays."""
    wrong = set(whom) - {"holder_unit_id", "holder_post_id", "leader_id", "office_id"}
    if wrong:
        raise TypeError(f"A clock has no {sorted(wrong)}")
    clocks = _locked(subject_kind, subject_id, kinds, part)
    for clock in clocks:
        for name, value in whom.items():
            setattr(clock, name, value)
        clock.save(update_fields=list(whom))
    return clocks


@transaction.atomic
def hand_over(*, from_post_id: int, to_post_id: int | None, subject_kind: str, subject_ids: Iterable[int]) -> int:
    """A post ended: the open clocks of these subjects that it held, or whose upper rungs it hears, go to another post,
    or to the unit alone. Returns how many it held."""
    rows = Clock.objects.open().filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    rows.filter(leader_id=from_post_id).update(leader_id=to_post_id)
    return rows.filter(holder_post_id=from_post_id).update(holder_post_id=to_post_id)


@transaction.atomic
def hand_over_unit(*, from_unit_id: int, to_unit_id: int, subject_kind: str, subject_ids: Iterable[int]) -> int:
    """A unit closed: its open clocks of these subjects run on for its successor, so that nobody gains time by it."""
    rows = Clock.objects.open().filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    rows.filter(office_id=from_unit_id).update(office_id=to_unit_id)
    return rows.filter(holder_unit_id=from_unit_id).update(holder_unit_id=to_unit_id)


def limit_of(*, kind: str, case: str = "", at: datetime) -> tuple[int, str]:
    """(amount, unit) of the limit in force at ``at``."""
    rule = rules.pick(rules.rules_on(calendar.day_of(at), [kind]), kind, case)
    if rule is None:
        raise LookupError(f"No time rule for {kind!r} {case!r}")
    return rule.amount, rule.unit
