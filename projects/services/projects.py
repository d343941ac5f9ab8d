"""Projects: entered, changed, described by who answers for them; their days, written once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import conflicts
from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.roles import UnitKind
from accounts.services._steps import authorise, changed
from common import clock
from common.errors import Conflict, ValidationError, require
from projects.models import Enterprise, Parcel, Project
from projects.services._milestones import follow
from projects.services._steps import bump, not_future, note, take_project
from projects.services.managers import add_manager, leader_of
from projects.states import MILESTONES, ParcelState

CODE = re.compile(r"\w[\w-]*")
# What the responsible unit keeps itself …
DESCRIBED = frozenset({"content", "industry", "place", "land_area", "note"})
# … and what the coordinator alone changes.
FIELDS = DESCRIBED | {
    "name",
    "enterprise",
    "investor",
    "level",
    "category",
    "approval_type",
    "fast_early",
    "fast_promise",
    "fast_build",
    "chain",
    "unit",
    "lead_unit",
    "town",
    "park",
    "total_investment",
}
DAYS = frozenset(MILESTONES.values())
LONG = frozenset({"content", "note"})


@transaction.atomic
def create_project(
    *,
    actor: Actor,
    code: str,
    name: str,
    enterprise: Enterprise | None = None,
    unit: Unit | None = None,
    manager: Post | None = None,
    parcels: Iterable[Mapping[str, Any]] = (),
    **values: Any,
) -> Project:
    """A new project in the stage of planning; ``values`` are further ``FIELDS``, money in 万元. With a ``manager`` that
    leader is the first one. 403, 400."""
    authorise(actor, "create_project", Project)
    if manager is not None:
        leader_of(manager, None, "manager")
    project = new_project(code=code, name=name, enterprise=enterprise, unit=unit, **values)
    set_parcels(project, parcels)
    note(actor, "create_project", project, project.code, name=project.name)
    if manager is not None:
        add_manager(project, post=manager, leader=manager, actor=actor, on=clock.today(), reason="")
    return project


def new_project(*, code: str, name: str, **values: Any) -> Project:
    """The row itself, for verbs that have a right of their own to enter one (a lead)."""
    known(values, FIELDS)
    project = Project(
        code=code.strip(), created_at=clock.now(), stage_since=clock.today(), **_clean({"name": name, **values})
    )
    check(project)
    project.save()
    return project


@transaction.atomic
def change_project(
    *,
    actor: Actor,
    code: str,
    version: int | None = None,
    parcels: Iterable[Mapping[str, Any]] | None = None,
    **values: Any,
) -> Project:
    """Change ``FIELDS`` and the parcels. The code stays for ever. 404, 409, 403, 400."""
    known(values, FIELDS)
    return _change(actor, "change_project", code, version, parcels, values)


@transaction.atomic
def describe_project(
    *,
    actor: Actor,
    code: str,
    version: int | None = None,
    parcels: Iterable[Mapping[str, Any]] | None = None,
    **values: Any,
) -> Project:
    """What the responsible unit keeps itself: ``DESCRIBED`` and the parcels. 404, 409, 403, 400."""
    known(values, DESCRIBED)
    return _change(actor, "describe_project", code, version, parcels, values)


def _change(
    actor: Actor,
    action: str,
    code: str,
    version: int | None,
    parcels: Iterable[Mapping[str, Any]] | None,
    values: dict[str, Any],
) -> Project:
    project = take_project(actor, action, code, version)
    unit_before = project.unit_id
    differences = changed(project, _clean(values))
    if "unit" in differences and conflicts.conflicted(actor, unit_before):
        raise ValidationError({"unit": [_("It is your own unit's: somebody else gives it to another.")]})
    fields = list(differences)
    if differences:
        check(project)
    if parcels is not None and (moved := set_parcels(project, parcels)):
        differences["parcels"] = moved
    if differences:
        bump(project, *fields, *(["pinyin"] if "name" in fields else []))
        shown = {key: ["…", "…"] if key in LONG else pair for key, pair in differences.items()}
        note(actor, action, project, project.code, changes=shown)
    return project


@transaction.atomic
def record_date(*, actor: Actor, code: str, field: str, on: date, version: int | None = None) -> Project:
    """A day of ``DAYS`` that has come, written once. 404, 409 when it is known already, 403, 400."""
    known({field: on}, DAYS)
    project = take_project(actor, "record_date", code, version)
    if (known_day := getattr(project, field)) is not None:
        raise Conflict(_("This day is recorded already."), code="recorded", day=str(known_day), version=project.version)
    not_future("on", on)
    setattr(project, field, on)
    bump(project, field)
    follow(project, field, actor)
    note(actor, "record_date", project, project.code, field=field, on=str(on))
    return project


@transaction.atomic
def correct_date(
    *, actor: Actor, code: str, field: str, on: date | None, reason: str, version: int | None = None
) -> Project:
    """A recorded day was wrong: the right one (None: it has not come), with the reason. 404, 409, 403, 400."""
    known({field: on}, DAYS)
    project = take_project(actor, "correct_date", code, version, over=True)
    if getattr(project, field) is None:
        raise Conflict(_("This day is not recorded yet."), code="not_recorded", version=project.version)
    require(reason=(reason.strip(), _("Say why.")))
    if on is not None:
        not_future("on", on)
    if differences := changed(project, {field: on}):
        bump(project, field)
        follow(project, field, actor)
        note(actor, "correct_date", project, project.code, changes=differences, reason=reason.strip())
    return project


def set_parcels(project: Project, parcels: Iterable[Mapping[str, Any]]) -> list[list[str]]:
    """Replace the parcels, each ``{number, area, state}``; what changed as [before, now], or nothing."""
    rows = [Parcel(project=project, **parcel) for parcel in parcels]
    if len({row.number for row in rows}) < len(rows):
        raise ValidationError({"parcels": [_("One number stands there twice.")]})
    before, now = [_told(row) for row in project.parcels.all()], sorted(_told(row) for row in rows)
    if sorted(before) == now:
        return []
    project.parcels.all().delete()
    Parcel.objects.bulk_create(rows)
    return [before, now]


def _told(parcel: Parcel) -> str:
    return f"{parcel.number} {parcel.area:.2f} {ParcelState(parcel.state).label}"


def known(values: Mapping[str, Any], fields: frozenset[str]) -> None:
    if unknown := set(values) - fields:
        raise TypeError(f"Not a field that changes: {', '.join(sorted(unknown))}")


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}


def check(project: Project) -> None:
    if not CODE.fullmatch(project.code):
        raise ValidationError({"code": [_("Letters, digits and hyphens only.")]})
    project.full_clean(exclude=["pinyin"])
    if project.enterprise is not None and project.enterprise.merged_into_id is not None:
        raise ValidationError({"enterprise": [_("This enterprise was merged into another one.")]})
    for field, kind in (("town", UnitKind.TOWN), ("park", UnitKind.PARK)):
        unit = getattr(project, field)
        if unit is not None and unit.kind != kind:
            raise ValidationError({field: [_("This unit is of another kind.")]})
