"""The audit trail: who did or read what, when, from where. Written in the transaction of the act: if it can't be
written, the act fails. Sign-in, sign-out and refusals are written by signals and middleware, for no verb stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.actors import Actor
from accounts.models import AuditEntry, Post
from common import clock

OK, FAILED, DENIED = "ok", "failed", "denied"


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
    return AuditEntry.objects.create(
        at=clock.now(),
        user=actor.user,
        post=post,
        act=act,
        object_kind=object_kind,
        object_ref=str(object_ref)[:64],
        result=result,
        address=actor.address,
        request_id=actor.request_id,
        detail=detail,
    )


def record_many(
    actor: Actor,
    act: str,
    object_kind: str,
    entries: Iterable[tuple[object, dict[str, Any]]],
    *,
    post: Post | None = None,
) -> None:
    """One entry per ``(object_ref, detail)``, in few statements: for what is written in sets."""
    now = clock.now()
    rows = [
        AuditEntry(
            at=now,
            user=actor.user,
            post=post,
            act=act,
            object_kind=object_kind,
            object_ref=str(ref)[:64],
            result=OK,
            address=actor.address,
            request_id=actor.request_id,
            detail=detail,
        )
        for ref, detail in entries
    ]
    AuditEntry.objects.bulk_create(rows, batch_size=500)


def refused(actor: Actor, where: str) -> None:
    """Somebody signed in was told that they may not. Strangers are not recorded: they could fill the table."""
    if actor.user is not None:
        record(actor, "refused", "page", where, DENIED)
