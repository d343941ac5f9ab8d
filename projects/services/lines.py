"""The leaders' service lines of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.roles import Role
from accounts.services._steps import authorise, changed, take
from common import clock
from common.errors import Conflict, ValidationError
from projects.models import Line, Project
from projects.services._steps import note

FIELDS = frozenset({"name", "order", "leader", "office", "categories"})


@transaction.atomic
def create_line(
    *,
    actor: Actor,
    name: str,
    year: int,
    leader: Post,
    office: Unit,
    units: Sequence[Unit],
    order: int = 1,
    categories: Sequence[str] = (),
    projects: Sequence[Project] = (),
) -> Line:
    """A line of ``year``: issues of ``projects``, in ``units`` and below, or of ``categories`` go to ``leader``,
    prepared by ``office``. Where lines overlap the lower ``order`` counts. 403, 400."""
    authorise(actor, "create_line", Line)
    line = Line(name=name.strip(), year=year, leader=leader, office=office, order=order, categories=sorted(categories))
    _check(line)
    line.save()
    line.units.set(units)
    line.projects.set(projects)
    told = {"units": [unit.code for unit in units], "projects": [project.code for project in projects]}
    note(actor, "create_line", line, line.pk, name=line.name, year=year, categories=line.categories, **told)
    return line


@transaction.atomic
def change_line(
    *,
    actor: Actor,
    line_id: int,
    units: Sequence[Unit] | None = None,
    projects: Sequence[Project] | None = None,
    **values: Any,
) -> Line:
    """Change ``FIELDS``, the units covered and the projects named. Issues already with a leader keep theirs. 404, 403,
    409, 400."""
    if unknown := set(values) - FIELDS:
        raise TypeError(f"Not a field that changes: {', '.join(sorted(unknown))}")
    line = take(Line, actor, pk=line_id)
    authorise(actor, "change_line", line)
    _not_closed(line)
    if "categories" in values:
        values["categories"] = sorted(values["categories"])
    differences = changed(line, values)
    if differences:
        _check(line)
        line.save(update_fields=[*differences])
    for name, rows in (("units", units), ("projects", projects)):
        if rows is not None:
            differences |= _covers(getattr(line, name), name, rows)
    if differences:
        note(actor, "change_line", line, line.pk, changes=differences)
    return line


@transaction.atomic
def close_line(*, actor: Actor, line_id: int, on: date) -> Line:
    """The line's last day is ``on``. 404, 403, 409, 400."""
    line = take(Line, actor, pk=line_id)
    authorise(actor, "close_line", line)
    _not_closed(line)
    if on.year != line.year:
        raise ValidationError({"on": [_("The day must lie in the line's own year.")]})
    line.ends_on = on
    line.save(update_fields=["ends_on"])
    note(actor, "close_line", line, line.pk, on=str(on))
    return line


def _covers(covered: Any, name: str, rows: Sequence[Unit] | Sequence[Project]) -> dict[str, list[Any]]:
    before = sorted(covered.values_list("code", flat=True))
    now = sorted({row.code for row in rows})
    if before == now:
        return {}
    covered.set(rows)
    return {name: [before, now]}


def _not_closed(line: Line) -> None:
    if line.ends_on is not None and line.ends_on < clock.today():
        raise Conflict(_("This line has ended."), state="closed")


def _check(line: Line) -> None:
    line.full_clean()
    if line.leader.role not in (Role.LEADER, Role.CHIEF):
        raise ValidationError({"leader": [_("This post is not that of a leader.")]})
    if line.office.valid_until is not None:
        raise ValidationError({"office": [_("This unit is closed.")]})
