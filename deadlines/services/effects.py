"""What rungs and wake-up dates set going: deemed signing, rising a layer, lapse, resuming. Carried out by the verbs of
the apps above, each in a transaction of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from time import monotonic

import structlog
from django.db import transaction
from django.db.models import F

from common.errors import Conflict
from deadlines import calendar, registry
from deadlines.models import Pause, Reminder

logger = structlog.get_logger(__name__)
ATTEMPTS = 5
SUBJECTS = 10_000


def carry_out(now: datetime, until: float) -> tuple[int, int]:
    """Carry out the effects that wait, each once, in the order in which they fell due, until the monotonic time
    ``until``. Returns (done, failed)."""
    done = failed = 0
    last = (datetime.min.replace(tzinfo=UTC), 0)
    while monotonic() < until:
        found = _next(last)
        if found is None:
            break
        reminder_id, last = found
        outcome = _carry_out(reminder_id, now)
        done += outcome is True
        failed += outcome is False
    return done, failed


def _next(last: tuple[datetime, int]) -> tuple[int, tuple[datetime, int]] | None:
    """The next waiting effect behind ``last`` in (rung_at, id)."""
    waiting = Reminder.objects.waiting(ATTEMPTS).order_by("rung_at", "pk")
    row = waiting.after(*last).values_list("pk", "rung_at").first()
    return (row[0], (row[1], row[0])) if row else None


def _carry_out(reminder_id: int, now: datetime) -> bool | None:
    """True: done; False: failed; None: another sweep has it in hand."""
    try:
        with transaction.atomic():
            reminder = (
                Reminder.objects.waiting(ATTEMPTS)
                .select_related("clock")
                .select_for_update(of=("self",), skip_locked=True, no_key=True)
                .filter(pk=reminder_id)
                .first()
            )
            if reminder is None:
                return None
            _handle(reminder, now)
            reminder.effect_done_at = now
            reminder.save(update_fields=["effect_done_at"])
    except Exception as error:  # a verb that fails must not stop the others; it is kept, logged and tried again
        _note_failure(reminder_id, error)
        return False
    return True


def _handle(reminder: Reminder, now: datetime) -> None:
    handler = registry.rung_handlers.get((reminder.clock.kind, reminder.rung))
    if handler is None:
        return
    try:
        with transaction.atomic():
            handler(reminder.clock_id, reminder.pk, now)
    except Conflict as conflict:
        logger.info("effect_not_needed", reminder=reminder.pk, rung=reminder.rung, reason=conflict.code)


def _note_failure(reminder_id: int, error: Exception) -> None:
    text = f"{type(error).__name__}: {error}"[:2000]
    Reminder.objects.filter(pk=reminder_id).update(effect_attempts=F("effect_attempts") + 1, effect_error=text)
    attempts = Reminder.objects.values_list("effect_attempts", flat=True).get(pk=reminder_id)
    log = logger.error if attempts >= ATTEMPTS else logger.warning
    log("effect_dead" if attempts >= ATTEMPTS else "effect_failed", reminder=reminder_id, attempts=attempts, error=text)


def wake(now: datetime, until: float) -> tuple[int, int]:
    """Let the subjects go on whose pauses have reached 09:00 of their wake-up date. Returns (woken, failed).

    Nothing is claimed: the verb locks its subject and finds out itself whether it still waits."""
    day = calendar.day_of(now)
    due = Pause.objects.filter(ended_at__isnull=True, wakes_on__lte=day)
    if now < calendar.opening(day):
        due = due.exclude(wakes_on=day)
    subjects = due.order_by("wakes_on", "clock__subject_id").values_list(
        "wakes_on", "clock__subject_kind", "clock__subject_id"
    )
    woken = failed = 0
    for _day, kind, subject_id in list(subjects.distinct()[:SUBJECTS]):
        if monotonic() >= until:
            break
        outcome = _wake(kind, subject_id, now)
        woken += outcome is True
        failed += outcome is False
    return woken, failed


def _wake(kind: str, subject_id: int, now: datetime) -> bool | None:
    handler = registry.wake_handlers.get(kind)
    if handler is None:
        return None
    try:
        with transaction.atomic():
            handler(subject_id, now)
    except Conflict:
        return None
    except Exception as error:  # the others must wake up too; this one is logged and tried again by the next sweep
        logger.error("wake_failed", kind=kind, subject=subject_id, error=f"{type(error).__name__}: {error}")
        return False
    return True
