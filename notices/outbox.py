"""The worker's side of the outbox: take what is due, and write down what became of it.

One message is taken at a time, a digest being one message. A killed worker so leaves one message in its lease, not a
batch: the others are not late for its sake. Taking is a matter of milliseconds and done by one worker at a time, so
what is due to one person is never split between two; sending, the slow part, is done by as many as there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, F, Value, When

from notices.models import Delivery
from notices.querysets import DeliveryQuerySet

LEASE = timedelta(seconds=60)
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
ATTEMPTS = len(BACKOFF) + 1
DIGEST_ABOVE = 5
# A mail of some 50 kB; what is left over makes the next digest.
DIGEST_ROWS = 500
# Without a mail server letters wait this long for somebody to name one.
PATIENCE = timedelta(days=7)

TAKE_LOCK = 0x6E6F7469  # "noti"


@dataclass(frozen=True)
class Taken:
    """One message in this worker's hands: the same rows under the same ``key``, however often it is repeated."""

    key: str
    rows: list[Delivery]

    @property
    def is_digest(self) -> bool:
        return bool(self.rows[0].digest)


@transaction.atomic
def take(at: datetime) -> Taken | None:
    """Take the message that has been due longest, with a lease and an attempt counted; None when nothing is due."""
    with connection.cursor() as cursor:
        # A frozen worker must not keep the others from taking: the server ends its session.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '10s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKE_LOCK])
    while head := _locked(Delivery.objects.due(at).order_by("not_before", "id"), 1):
        rows = _with_its_digest(head[0], at)
        spent = [row.pk for row in rows if row.attempts >= ATTEMPTS]
        rows = [row for row in rows if row.attempts < ATTEMPTS]
        if spent:
            # Its last worker died over it without a word.
            Delivery.objects.filter(pk__in=spent).update(
                dead_at=at, lease_until=None, error="The worker died sending it."
            )
        if rows:
            return _lease(rows, at)
    return None


def _with_its_digest(head: Delivery, at: datetime) -> list[Delivery]:
    due = Delivery.objects.due(at).order_by("id")
    if head.digest:
        return _locked(due.filter(digest=head.digest), DIGEST_ROWS)
    if head.user_id:
        rows = _locked(due.filter(user=head.user_id, channel=head.channel, digest=""), DIGEST_ROWS)
        if len(rows) > DIGEST_ABOVE:
            return rows
    return [head]


def _locked(rows: DeliveryQuerySet, limit: int) -> list[Delivery]:
    return list(rows.select_related("notice").select_for_update(of=("self",), no_key=True, skip_locked=True)[:limit])


def _lease(rows: list[Delivery], at: datetime) -> Taken:
    first = rows[0]
    if len(rows) > 1 and not first.digest:
        first.digest = f"digest:{first.user_id}:{first.pk}"
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(
        lease_until=at + LEASE, attempts=F("attempts") + 1, digest=first.digest
    )
    return Taken(key=first.digest or first.key, rows=rows)


def sent(taken: Taken, at: datetime) -> None:
    """Mark after the sending: a crash between the two repeats the message under the same key."""
    _mine(taken.rows).update(sent_at=at, lease_until=None, error="", address="", context={})


def dropped(taken: Taken, at: datetime, why: str) -> None:
    _mine(taken.rows).update(dropped_at=at, lease_until=None, error=why, address="", context={})


def failed(rows: list[Delivery], at: datetime, why: str) -> None:
    """Try again after 1, 5, 15 and 60 minutes; after the fifth attempt it is a dead letter."""
    later = [When(attempts=n, then=Value(at + pause)) for n, pause in enumerate(BACKOFF, start=1)]
    _mine(rows).update(
        not_before=Case(*later, default=F("not_before")),
        dead_at=Case(When(attempts__gte=ATTEMPTS, then=Value(at)), default=None),
        lease_until=None,
        error=why[:500],
    )


def leave_out(row: Delivery, at: datetime, why: str) -> None:
    """Take a row that cannot be written out of its digest: repeated under that id it would be dropped as a repeat."""
    failed([row], at, why)
    Delivery.objects.filter(pk=row.pk).update(digest="")


def give_up_without_server(at: datetime) -> int:
    """No mail server is named: drop what has waited for one long enough, so that naming one later floods nobody."""
    tired = Delivery.objects.due(at).filter(not_before__lt=at - PATIENCE)
    return tired.update(dropped_at=at, error="No mail server is configured.", address="", context={})


def _mine(rows: list[Delivery]) -> DeliveryQuerySet:
    # What another worker finished meanwhile (the lease ran out while the server dawdled) stays as it is.
    return Delivery.objects.open().filter(pk__in=[row.pk for row in rows])
