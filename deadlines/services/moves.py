"""What a new edition of the calendar does to open deadlines: the what-if, and the very same statement applied.

A deadline keeps the number of working days (or working hours) from its start that it had under the edition that made
it, so pauses and extensions are kept, and the order in which editions come does not matter. Met, late and given
deadlines stay; so does one that would come to lie in the past.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from common import bell
from deadlines import calendar, registry
from deadlines.instants_sql import any_day, at_time, day_index, day_of, ladder, parameters, time_of, worked, working_day
from deadlines.models import CalendarVersion
from deadlines.services import recipients
from notices.services import DELIVER


@dataclass(frozen=True)
class Move:
    """One open deadline that moves. ``days`` are dates: −1 is a day earlier."""

    clock_id: int
    kind: str
    subject_kind: str
    subject_id: int
    subject_ref: str
    holder_unit_id: int | None
    before: datetime
    after: datetime
    days: int


DAYS = f"{day_of('due')} - {day_of('due_at')}"
WHAT_IF = f"""
WITH {{moved}}
SELECT id, kind, subject_kind, subject_id, subject_ref, holder_unit_id, due_at, due, {DAYS}
  FROM moved WHERE due <> due_at ORDER BY abs({DAYS}) DESC, id
"""  # noqa: S608 -- constants only


def _moved(*, lock: bool) -> str:
    """Open, timely clocks of other editions with ``due`` under edition ``%(version)s``."""
    total = f"({worked('due_at', 'old_due')} - {worked('started_at', 'old_start')})"
    target = f"({worked('started_at', 'new_start')} + {total})"
    n = f"CASE unit WHEN 'wh' THEN {day_index(target)} ELSE new_start.n + old_due.n - old_start.n END"
    counted = at_time("new_due.day", f"CASE unit WHEN 'wh' THEN {time_of(target)} ELSE due_time::interval END")
    return f"""
    open_clock AS MATERIALIZED (
        SELECT c.*, {day_of("c.started_at")} AS start_day, {day_of("c.due_at")} AS due_day,
               (c.due_at AT TIME ZONE 'Asia/Shanghai')::time AS due_time
          FROM deadlines_clock c
         WHERE c.calendar_id = ANY(%(others)s) AND c.met_at IS NULL AND c.stopped_at IS NULL
           AND c.breached_at IS NULL AND (c.due_at > %(now)s OR c.paused_at IS NOT NULL)
         ORDER BY c.id {"FOR NO KEY UPDATE SKIP LOCKED" if lock else ""}
    ), counted AS (
        SELECT o.*, CASE WHEN o.given OR o.unit = 'cd' THEN o.due_at ELSE COALESCE({counted}, o.due_at) END AS new_due
          FROM open_clock o
          {any_day("old_start", "o.start_day", "o.calendar_id")}
          {any_day("old_due", "o.due_day", "o.calendar_id")}
          {any_day("new_start", "o.start_day")}
          {working_day("new_due", n)}
    ), moved AS (
        SELECT counted.*, started_at AS start,
               CASE WHEN new_due > COALESCE(paused_at, %(now)s) THEN new_due ELSE due_at END AS due
          FROM counted
    )"""  # noqa: S608 -- constants only


def what_if(version_id: int, *, at: datetime) -> list[Move]:
    """The deadlines that would move, those that move most first. One statement; changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(WHAT_IF.format(moved=_moved(lock=False)), _parameters(version_id, at))
        return [Move(*row) for row in cursor.fetchall()]


@transaction.atomic
def settle(version_id: int, *, at: datetime, post_id: int | None = None) -> int:
    """Bring the open, timely clocks of other editions to this one. Returns how many deadlines moved.

    Rows that another transaction is at work on are passed over, so nobody waits crosswise; the next sweep calls this
    again for them, and for clocks that were started while a new edition was being applied.
    """
    with connection.cursor() as cursor:
        cursor.execute(_settle_sql(), _parameters(version_id, at) | {"post": post_id})
        rows = cursor.fetchall()
    subjects: dict[str, list[int]] = defaultdict(list)
    for subject_kind, subject_id, _moved_too in rows:
        subjects[subject_kind].append(subject_id)
    for subject_kind, ids in subjects.items():
        if handler := registry.move_handlers.get(subject_kind):
            handler(sorted(set(ids)))
    moved = sum(1 for *_subject, due_moved in rows if due_moved)
    if moved:
        bell.ring(DELIVER)
    return moved


def _settle_sql() -> str:
    return f"""
    WITH {_moved(lock=True)}, laddered AS ({ladder("moved")}),
    changed AS (
        UPDATE deadlines_clock c
           SET due_at = l.due, yellow_at = l.yellow_at, red_at = l.red_at, candidate_at = l.candidate_at,
               next_rung = l.next_rung, next_rung_at = l.next_rung_at, provisional = l.provisional,
               calendar_id = %(version)s
          FROM (SELECT id, due, provisional, yellow_at, red_at, candidate_at, next_rung, next_rung_at FROM laddered) l
         WHERE c.id = l.id RETURNING c.id
    ), logged AS (
        INSERT INTO deadlines_clockchange (clock_id, at, why, days, before, after, reason, calendar_id, post_id)
        SELECT id, %(now)s, 'calendar', {DAYS}, due_at, due, '', %(version)s, %(post)s
          FROM moved WHERE due <> due_at ORDER BY id
    ), rung AS (
        SELECT id AS clock_id, kind, unit, 'moved' AS rung, 'moved-' || %(version)s AS mark, due, subject_kind,
               subject_ref, holder_unit_id, holder_post_id, leader_id, office_id, rule_id
          FROM moved WHERE due <> due_at AND side = 'government'
    ), {recipients.CTES}, told AS ({recipients.TELL}), mailed AS ({recipients.MAIL})
    SELECT subject_kind, subject_id, due <> due_at FROM moved
    """  # noqa: S608 -- constants only


def _parameters(version_id: int, at: datetime) -> dict[str, Any]:
    others = CalendarVersion.objects.applied().exclude(pk=version_id).values_list("pk", flat=True)
    return parameters(calendar.of(version_id)) | recipients.parameters(at) | {"others": list(others)}
