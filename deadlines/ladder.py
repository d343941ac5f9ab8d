"""The instants of a clock: when its light turns, when each rung of the reminder ladder is reached (PRODUCT.md §2).

Pure. The same rules in set-based form are in ``instants_sql.py``; a test proves them equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from deadlines.calendar import Calendar, close_of_business, day_of, opening
from deadlines.states import RUNGS, Light, LimitUnit, Rung, Side

if TYPE_CHECKING:
    from deadlines.models import Clock

# Working days after the due day.
ESCALATE_AFTER = 3
CANDIDATE_AFTER = 5
# The last rung: what a submitter owes is only reminded.
LAST: dict[str, Rung] = {Side.GOVERNMENT: Rung.CANDIDATE, Side.SUBMITTER: Rung.BREACH}
# The rungs after due, by the field that stores their instant.
HELD_BACK: dict[str, str] = {Rung.ESCALATE: "red_at", Rung.CANDIDATE: "candidate_at"}


@dataclass(frozen=True)
class Instants:
    yellow_at: datetime
    red_at: datetime
    candidate_at: datetime
    next_rung: str
    next_rung_at: datetime


def instants(calendar: Calendar, *, start: datetime, due: datetime, unit: str) -> Instants:
    """Yellow from 09:00 of the working day before due (never before the start), red and the rungs above from 18:00 of
    the 3rd and 5th working day after; the first rung that is not dropped."""
    due_day = day_of(due)
    eve = opening(calendar.working_day_before(due_day))
    rung, rung_at = _first_rung(start=start, due=due, eve=eve, morning=opening(due_day), unit=unit)
    return Instants(
        yellow_at=max(eve, start),
        red_at=close_of_business(calendar.add_working_days(due_day, ESCALATE_AFTER)),
        candidate_at=close_of_business(calendar.add_working_days(due_day, CANDIDATE_AFTER)),
        next_rung=rung,
        next_rung_at=rung_at,
    )


def _first_rung(
    *, start: datetime, due: datetime, eve: datetime, morning: datetime, unit: str
) -> tuple[Rung, datetime]:
    """The two reminders before due are dropped for hour limits and when they lie before the start."""
    if unit != LimitUnit.WORKING_HOURS:
        if start <= eve:
            return Rung.DAY_BEFORE, eve
        if start <= morning < due:
            return Rung.DUE_DAY, morning
    return Rung.BREACH, due


def ahead(clock: Clock) -> Iterator[tuple[Rung, datetime]]:
    """The rungs of a clock from its next one on, each with its instant. In sets: ``instants_sql.steps``."""
    if not clock.next_rung or clock.next_rung_at is None:
        return
    at = {
        Rung.DAY_BEFORE: clock.next_rung_at,  # only ever a next rung
        Rung.DUE_DAY: opening(day_of(clock.due_at)),
        Rung.BREACH: clock.due_at,
        Rung.ESCALATE: clock.red_at,
        Rung.CANDIDATE: clock.candidate_at,
    }
    for rung in RUNGS[RUNGS.index(Rung(clock.next_rung)) : RUNGS.index(LAST[clock.side]) + 1]:
        if rung != Rung.DUE_DAY or at[rung] < clock.due_at:
            yield rung, at[rung]


def light(clock: Clock, now: datetime) -> Light | None:
    """The light of a running clock; None when it is met, stopped or paused. In sets: ``ClockQuerySet.with_light``."""
    if clock.met_at or clock.stopped_at or clock.paused_at:
        return None
    if now >= clock.red_at:
        return Light.RED
    if clock.breached_at or now > clock.due_at:
        return Light.OVERDUE
    return Light.YELLOW if now >= clock.yellow_at else Light.GREEN
