"""The steps that the verbs of this app share; the others are those of accounts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Unit
from accounts.services._steps import authorise, take
from common import clock
from common.errors import Conflict, ValidationError
from projects import policy
from projects.models import Project
from projects.states import OVER

M = TypeVar("M", bound=models.Model)


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


def entered(row: M) -> M:
    """A new row, checked and saved. ValidationError."""
    check(row)
    row.save()
    return row


def take_project(actor: Actor, action: str, code: str, version: int | None = None, *, over: bool = False) -> Project:
    """The project that the actor sees and may do ``action`` on, locked. 404, 409 (changed meanwhile), 403, 409 (ended:
    unless ``over``)."""
    project = take(Project, actor, code=code)
    if version is not None and version != project.version:
        raise Conflict(
            _("Somebody else has changed this project meanwhile."),
            code="version",
            state=project.stage,
            version=project.version,
        )
    authorise(actor, action, project)
    if not over:
        still_going(project)
    return project


def still_going(project: Project, over: Collection[str] = OVER) -> None:
    """409 when the project has ended."""
    if project.stage in over:
        raise Conflict(_("This project has ended."), code="state", state=project.stage, version=project.version)


def bump(project: Project, *fields: str) -> None:
    project.version += 1
    project.save(update_fields=[*fields, "version"])


def not_future(name: str, day: date) -> None:
    if day > clock.today():
        raise ValidationError({name: [_("This day lies in the future.")]})


def living_unit(unit: Unit | None, field: str = "unit") -> None:
    if unit is not None and unit.valid_until is not None:
        raise ValidationError({field: [_("This unit is closed.")]})
