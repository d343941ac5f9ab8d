"""What the beat does each minute: rungs that were reached, their effects, pauses that end (PRODUCT.md §2).

Any number of sweeps at once are one: due clocks are claimed with SKIP LOCKED, a rung and a notice exist once by key,
and a statement that was cut off leaves nothing behind. However late the sweep comes, every rung between is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import connection, transaction

from common import bell
from deadlines import calendar, registry
from deadlines.instants_sql import steps
from deadlines.models import CalendarVersion, Clock
from deadlines.services import effects, moves, recipients
from notices.services import DELIVER

BATCH = 2000


@dataclass
class SweepResult:
    """What one sweep did."""

    clocks: int = 0
    rungs: int = 0
    notices: int = 0
    mails: int = 0
    effects: int = 0
    failed: int = 0
    woken: int = 0
    moved: int = 0


def sweep(now: datetime, *, batch: int = BATCH, seconds: float = 3600) -> SweepResult:
    """Do all that is due at ``now``. Safe to run twice, or many at once, or to be killed at any point.

    After ``seconds`` it begins no further effect; the next sweep goes on."""
    until = monotonic() + seconds
    result = SweepResult(moved=_settle(now))
    # First those who wake up: what they owe may be due by now.
    result.woken, asleep = effects.wake(now, until)
    ring(now, result, batch=batch)
    result.effects, failed = effects.carry_out(now, until)
    result.failed = asleep + failed
    return result


def ring(now: datetime, result: SweepResult, *, batch: int = BATCH) -> None:
    """Record the rungs reached by ``now`` and tell people of them, a batch a transaction."""
    parameters = _parameters(now) | {"batch": batch}
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(STATEMENT, parameters)
            clocks, rungs, notices, mails = cursor.fetchone()
            if mails:
                bell.ring(DELIVER)
        if not clocks:
            return
        result.clocks += clocks
        result.rungs += rungs
        result.notices += notices
        result.mails += mails


def _settle(now: datetime) -> int:
    """Clocks that were in other hands while a new edition of the calendar was applied."""
    current = CalendarVersion.objects.current_id()
    others = CalendarVersion.objects.applied().exclude(pk=current)
    left = Clock.objects.open().filter(calendar__in=list(others), breached_at__isnull=True, due_at__gt=now)
    return moves.settle(current, at=now) if left.exists() else 0


def _parameters(now: datetime) -> dict[str, Any]:
    kinds, rungs = zip(*registry.rung_handlers, strict=True) if registry.rung_handlers else ((), ())
    return recipients.parameters(now, due=True) | {
        "handled_kinds": [str(kind) for kind in kinds],
        "handled_rungs": [str(rung) for rung in rungs],
        "opens": calendar.working_hours()[0][0],
    }


_STEPS = steps("claim")

# The advance hangs on the claim, not on the insert: a rung recorded before (a clock met and sent back) is passed.
STATEMENT = f"""
WITH claim AS MATERIALIZED (
    SELECT * FROM deadlines_clock
     WHERE next_rung_at <= %(now)s AND met_at IS NULL AND stopped_at IS NULL AND paused_at IS NULL
     ORDER BY next_rung_at, id LIMIT %(batch)s FOR NO KEY UPDATE SKIP LOCKED
), reached_rung AS (
    SELECT claim.id AS clock_id, step.place, step.rung, step.at, claim.due_at, claim.kind
      FROM claim CROSS JOIN LATERAL ({_STEPS}) AS step WHERE step.at <= %(now)s
), recorded AS (
    INSERT INTO deadlines_reminder (clock_id, rung, due_at, rung_at, recorded_at, imported, effect_done_at,
                                    effect_attempts, effect_error)
    SELECT clock_id, rung, due_at, at, %(now)s, false,
           CASE WHEN (kind, rung) IN (SELECT * FROM unnest(%(handled_kinds)s::text[], %(handled_rungs)s::text[]))
                THEN NULL ELSE %(now)s END, 0, ''
      FROM reached_rung ORDER BY at, clock_id, place
    ON CONFLICT (clock_id, rung, due_at) DO NOTHING RETURNING clock_id, rung
), rung AS (
    SELECT claim.id AS clock_id, claim.kind, claim.unit, recorded.rung, recorded.rung AS mark, claim.due_at AS due,
           claim.subject_kind, claim.subject_ref, claim.holder_unit_id, claim.holder_post_id, claim.leader_id,
           claim.office_id, claim.rule_id
      FROM recorded JOIN claim ON claim.id = recorded.clock_id WHERE claim.side = 'government'
), {recipients.CTES}, told AS ({recipients.TELL}), mailed AS ({recipients.MAIL}),
advanced AS (
    UPDATE deadlines_clock c
       SET next_rung = COALESCE(step.rung, ''), next_rung_at = step.at,
           breached_at = CASE WHEN claim.due_at <= %(now)s THEN claim.due_at ELSE c.breached_at END
      FROM claim LEFT JOIN LATERAL (
               SELECT * FROM ({_STEPS}) AS ahead WHERE ahead.at > %(now)s ORDER BY ahead.place LIMIT 1
           ) AS step ON true
     WHERE c.id = claim.id
)
SELECT (SELECT count(*) FROM claim), (SELECT count(*) FROM recorded), (SELECT count(*) FROM told),
       (SELECT count(*) FROM mailed)
"""  # noqa: S608 -- constants only
