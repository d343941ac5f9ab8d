"""The audit trail: who did or read what, when, from where. Written in the transaction of the act: if it can't be
written, the act fails. Sign-in, sign-out and refusals are written by signals and middleware, for no verb stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction

from accounts import seals
from accounts.actors import Actor
from accounts.models import AuditEntry, Post
from common import clock

OK, FAILED, DENIED = "ok", "failed", "denied"

# The number is part of the seal, so it is drawn first. The lock is the one that the INSERT takes anyway and hinders no
# other writer; taken before the draw it lets the hourly root know that a lower number may still come.
_DRAW = """
LOCK TABLE accounts_auditentry IN ROW EXCLUSIVE MODE;
SELECT nextval(pg_get_serial_sequence('accounts_auditentry', 'id')) FROM generate_series(1, %s)
"""


def record(
    actor: Actor,
    act: str,
    object_kind: str = "",
    object_ref: object = "",
    result: str = OK,
    *,
    post: Post | None = None,
    **detail: Any,
) -> AuditEntry:
    """Append one entry. ``post`` is the one that gave the right; without it the one acted in, if it is only one."""
    if post is None and len(actor.posts) == 1:
        post = actor.posts[0]
    with transaction.atomic(savepoint=False):
        [entry] = _sealed(actor, act, object_kind, [(object_ref, detail)], result, post)
        entry.save(force_insert=True)
    return entry


def record_many(
    actor: Actor,
    act: str,
    object_kind: str,
    entries: Iterable[tuple[object, dict[str, Any]]],
    *,
    post: Post | None = None,
) -> None:
    """One entry per ``(object_ref, detail)``, in few statements: for what is written in sets."""
    with transaction.atomic(savepoint=False):
        rows = _sealed(actor, act, object_kind, list(entries), OK, post)
        AuditEntry.objects.bulk_create(rows, batch_size=500)


def _sealed(
    actor: Actor,
    act: str,
    object_kind: str,
    entries: list[tuple[object, dict[str, Any]]],
    result: str,
    post: Post | None,
) -> list[AuditEntry]:
    """The entries, not written yet, under numbers that are theirs alone. Within the transaction that writes them."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [len(entries)])
        numbers = [row[0] for row in cursor.fetchall()]
    rows = [
        AuditEntry(
            pk=number,
            at=now,
            user=actor.user,
            post=post,
            act=act,
            object_kind=object_kind,
            object_ref=str(ref)[:64],
            result=result,
            address=actor.address,
            request_id=actor.request_id,
            detail=seals.plain(detail),
        )
        for number, (ref, detail) in zip(numbers, entries, strict=True)
    ]
    for row in rows:
        row.seal = seals.seal(*(getattr(row, name) for name in seals.COLUMNS))
    return rows


def refused(actor: Actor, where: str) -> None:
    """Somebody signed in was told that they may not. Strangers are not recorded: they could fill the table."""
    if actor.user is not None:
        record(actor, "refused", "page", where, DENIED)
