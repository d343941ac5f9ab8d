"""Which leader is behind an issue (PRODUCT.md §4, service lines), and where the lines overlap or leave gaps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from accounts.models import Post, Unit
from accounts.roles import UnitKind
from common import clock
from projects.models import Enterprise, Line, Project
from projects.querysets import LineQuerySet

Why = Literal["project", "liaison", "line", "none"]


@dataclass(frozen=True)
class Finding:
    """``leader_post_id`` may be None although a line was found: its leader has left, the office holds the work."""

    leader_post_id: int | None
    line_id: int | None
    office_unit_id: int | None
    why: Why


NOBODY = Finding(None, None, None, "none")


def find_leader(
    *,
    project: Project | None = None,
    enterprise: Enterprise | None = None,
    unit_id: int | None = None,
    town_id: int | None = None,
    at: datetime,
) -> Finding:
    """The project's manager; else the liaison leader of the enterprise; else the first line of the year that covers
    the enterprise's town, the issue's town, or the lead unit or one above it; else nobody, said so.

    Managers and liaison leaders whose post is over at ``at`` are passed over. A year without lines has none: last
    year's are not carried on in silence.
    """
    lines = Line.objects.living(clock.local(at).date()).order_by("order", "id")
    if project is not None and _in_post(project.manager_id, at):
        return _with_office(project.manager_id, lines, "project")
    if enterprise is not None and _in_post(enterprise.liaison_leader_id, at):
        return _with_office(enterprise.liaison_leader_id, lines, "liaison")
    units = _covering(unit_id, town_id, enterprise.town_id if enterprise else None)
    line = lines.covering(units).first()
    if line is None:
        return NOBODY
    leader = line.leader_id if _in_post(line.leader_id, at) else None
    return Finding(leader, line.pk, line.office_id, "line")


def _in_post(post_id: int | None, at: datetime) -> bool:
    return post_id is not None and Post.objects.current(at).filter(pk=post_id).exists()


def _with_office(leader_post_id: int | None, lines: LineQuerySet, why: Why) -> Finding:
    line = lines.filter(leader=leader_post_id).first()
    return Finding(leader_post_id, line.pk if line else None, line.office_id if line else None, why)


def _covering(unit_id: int | None, *town_ids: int | None) -> set[int]:
    """The units of which a line must hold one: the towns themselves, the lead unit and all above it."""
    units = {town for town in town_ids if town}
    if unit_id:
        units.update(Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first() or [unit_id])
    return units


# Overlaps and gaps ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Overlap:
    """A unit that several lines name: the first of ``lines`` is the one that counts."""

    unit: Unit
    lines: list[Line]


@dataclass(frozen=True)
class Coverage:
    overlaps: list[Overlap]
    gaps: list[Unit]


def overlaps_and_gaps(year: int) -> Coverage:
    """Units named by more than one line of ``year``, and towns, parks and responsible units that no line reaches."""
    today = clock.today()
    lines = Line.objects.filter(year=year).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
    named: dict[int, list[Line]] = {}
    for line in lines.order_by("order", "id").prefetch_related("units").select_related("leader__user"):
        for unit in line.units.all():
            named.setdefault(unit.pk, []).append(line)
    units = Unit.objects.living().in_bulk(list(named))
    overlaps = [Overlap(units[key], found) for key, found in named.items() if len(found) > 1 and key in units]
    wanted = Unit.objects.living().filter(Q(is_responsible=True) | Q(kind__in=[UnitKind.TOWN, UnitKind.PARK]))
    gaps = wanted.exclude(path__overlap=list(named)) if named else wanted
    return Coverage(sorted(overlaps, key=lambda found: found.unit.pinyin), list(gaps))
