"""The steps that every verb of this app begins and ends with."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import connection, models

from accounts import audit, rules
from accounts.actors import Actor
from accounts.policy import can
from common.errors import NotVisible

M = TypeVar("M", bound=models.Model)
# Keys of transaction-long advisory locks, where a rule spans rows that no single row lock covers.
TREE_LOCK = 7101


def take(model: type[M], actor: Actor, **key: Any) -> M:
    """The row that the actor sees, locked; NotVisible when there is none."""
    rows = model._default_manager.visible_to(actor).filter(**key)  # type: ignore[attr-defined]
    row = rows.select_for_update(of=("self",), no_key=True).first()
    if row is None:
        raise NotVisible
    return row


def authorise(actor: Actor, action: str, obj: Any) -> None:
    if not can(actor, action, obj):
        raise PermissionDenied


def note(actor: Actor, action: str, obj: models.Model, ref: object, **detail: Any) -> None:
    """Into the audit trail, with the post that gave the right."""
    model = type(obj)
    audit.record(actor, action, str(model._meta.model_name), ref, post=rules.post_for(actor, action, model), **detail)


def changed(row: models.Model, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Set ``values`` on the row; what really changed as ``{field: [before, now]}``, fit for JSON."""
    differences = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            differences[name] = [_plain(before), _plain(value)]
            setattr(row, name, value)
    return differences


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value.pk)
    return value if isinstance(value, str | int | bool | list | None) else str(value)


def lock_for_transaction(key: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
