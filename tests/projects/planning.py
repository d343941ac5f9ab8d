"""A project with a plan, for the tests of what becomes of it."""

from __future__ import annotations

from datetime import date
from itertools import count

from accounts.actors import SYSTEM, Actor
from accounts.models import Unit
from accounts.roles import Role
from projects.models import PlanItem, Project
from projects.services import add_item, create_project
from tests.accounts import cast

_numbers = count(1)


def project(unit: Unit | None = None, **fields: object) -> Project:
    made = create_project(actor=SYSTEM, code=f"P{next(_numbers)}", name="项目", unit=unit or cast.unit())
    Project.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def item(of: Project, kind: str = "task", end: date | None = None, **fields: object) -> PlanItem:
    return add_item(actor=SYSTEM, project_id=of.pk, kind=kind, name="事项", planned_end=end, **fields)


def approval(of: Project, promised: int | None = 5, **fields: object) -> PlanItem:
    return item(of, "approval", promised_days=promised, statutory_days=20, **fields)


def officer(of: Project) -> Actor:
    return cast.actor(Role.UNIT_OFFICER, of.unit)
