"""The last step of every verb of this app; the others are those of accounts."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts import audit
from accounts.actors import Actor
from projects import policy


def note(actor: Actor, action: str, obj: models.Model, ref: object, **detail: Any) -> None:
    model = type(obj)
    post = policy.post_for(actor, action, model)
    audit.record(actor, action, str(model._meta.model_name)[:20], ref, post=post, **detail)


def check(row: models.Model) -> None:
    """As ``full_clean``, but what the database lets be unknown may be unknown. ValidationError."""
    unknown = {field.name for field in row._meta.concrete_fields if field.null and getattr(row, field.attname) is None}
    row.clean_fields(exclude=unknown)
    row.validate_unique()
    row.validate_constraints()
