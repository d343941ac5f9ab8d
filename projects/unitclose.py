"""What of this app names a unit that closes, and how it goes to the successor."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.actors import Actor
from accounts.models import Unit
from common.errors import Conflict
from deadlines.models import Clock
from deadlines.services import clocks
from projects.models import Chain, Enterprise, Lead, Line, PlanItem, Project, Promise, TemplateItem
from projects.states import OPEN_ITEMS, OVER, SUBJECT


def hand_on(*, unit: Unit, successor: Unit | None, actor: Actor, on: date) -> None:
    """Lines that it serves, enterprises, living projects with their open plan items and promises. 409 when something
    hangs on the unit and nobody succeeds it. Lines and chains cover the successor instead, or one unit less. What is
    over keeps the unit of its time."""
    named = [(rows, field) for rows, field in _naming(unit, on) if rows.exists()]
    if named and successor is None:
        raise Conflict(_("Projects, enterprises or service lines hang on it: name a successor."), state="open")
    for rows, field in named:
        rows.update(**{field: successor})
    if successor is not None:
        clocks.hand_over_unit(
            from_unit_id=unit.pk, to_unit_id=successor.pk, subject_kind=SUBJECT, subject_ids=_timed(unit)
        )
    for rows, key in _covering(unit, on):
        if successor is not None:
            has_it = rows.model.objects.filter(unit=successor).values(key)
            rows.exclude(**{f"{key}__in": has_it}).update(unit=successor)
        rows.delete()


def _naming(unit: Unit, on: date) -> list[tuple[QuerySet[Any], str]]:
    living = Project.objects.living()
    rows: list[tuple[QuerySet[Any], str]] = [(living, field) for field in ("unit", "lead_unit", "town", "park")]
    rows += [(Enterprise.objects.living(), field) for field in ("town", "liaison_unit")]
    rows += [
        (_lines(on), "office"),
        (PlanItem.objects.filter(state__in=OPEN_ITEMS).exclude(project__stage__in=OVER), "unit"),
        (Promise.objects.exclude(project__stage__in=OVER), "unit"),
        (Lead.objects.filter(project__in=living), "park"),
        (TemplateItem.objects.all(), "unit"),
    ]
    return [(one.filter(**{field: unit}), field) for one, field in rows]


def _timed(unit: Unit) -> QuerySet[Any]:
    """Projects of which the unit holds a deadline."""
    return Clock.objects.open().filter(subject_kind=SUBJECT, holder_unit=unit).values_list("subject_id", flat=True)


def _covering(unit: Unit, on: date) -> list[tuple[QuerySet[Any], str]]:
    """The rows by which lines and chains that still run hold the unit, with the name of what holds it."""
    return [
        (Line.units.through.objects.filter(unit=unit, line__in=_lines(on).values("pk")), "line_id"),
        (Chain.units.through.objects.filter(unit=unit, chain__in=_chains(on).values("pk")), "chain_id"),
    ]


def _lines(on: date) -> QuerySet[Line]:
    return Line.objects.filter(year__gte=on.year).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def _chains(on: date) -> QuerySet[Chain]:
    return Chain.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def register() -> None:
    hooks.on_unit_close(hand_on)
