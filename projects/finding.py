"""Which leader is behind an issue (PRODUCT.md §4, service lines), and where the lines overlap or leave gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Post, Unit
from accounts.roles import UnitKind
from common import clock
from projects import scopes
from projects.models import Enterprise, Line, Project
from projects.querysets import LineQuerySet, ProjectQuerySet

Why = Literal["project", "liaison", "line_project", "line", "line_category", "chosen", "none"]


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
    categories: Collection[str] = (),
    at: datetime,
) -> Finding:
    """The project's manager; else the liaison leader of the enterprise; else the first line of the year that names the
    project; else the first that covers a town, the lead unit or one above it, of the issue, the enterprise or the
    project; else the first that covers one of ``categories``, by name; else nobody, said so.

    Managers and liaison leaders whose post is over at ``at`` are passed over. A year without lines has none: last
    year's are not carried on in silence.
    """
    lines = Line.objects.living(clock.local(at).date()).order_by("order", "id")
    if project is not None and _in_post(project.manager_id, at):
        return _with_office(project.manager_id, lines, "project")
    if enterprise is not None and _in_post(enterprise.liaison_leader_id, at):
        return _with_office(enterprise.liaison_leader_id, lines, "liaison")
    line, why = _line(lines, project, _covering(enterprise, project, unit_id, town_id), categories)
    if line is None:
        return NOBODY
    leader = line.leader_id if _in_post(line.leader_id, at) else None
    return Finding(leader, line.pk, line.office_id, why)


def explain(finding: Finding, *, line: str | None = None) -> str:
    """Why this leader, as a sentence, out of what was stored when the leader was found. ``line``: its name, where the
    caller has it at hand."""
    if line is None and finding.line_id is not None:
        line = Line.objects.filter(pk=finding.line_id).values_list("name", flat=True).first()
    sentences = {
        "project": _("Manager of the project."),
        "liaison": _("Liaison leader of the enterprise."),
        "line_project": _("The line “%(line)s” names the project."),
        "line": _("The line “%(line)s” covers the lead unit, the town or the park."),
        "line_category": _("The line “%(line)s” covers this category."),
        "chosen": _("Chosen by the coordinator."),
        "none": _("No manager, no liaison leader and no line was found; the coordinator chooses."),
    }
    sentence = sentences.get(finding.why, "") % {"line": line or ""}
    gone = finding.line_id is not None and finding.leader_post_id is None
    return sentence + (_(" Its leader has left: the service office holds the work.") if gone else "")


def _line(
    lines: LineQuerySet, project: Project | None, units: set[int], categories: Collection[str]
) -> tuple[Line | None, Why]:
    if project is not None and (line := lines.naming(project).first()):
        return line, "line_project"
    if units and (line := lines.covering(units).first()):
        return line, "line"
    if categories and (line := lines.filter(categories__overlap=list(categories)).first()):
        return line, "line_category"
    return None, "none"


def _in_post(post_id: int | None, at: datetime) -> bool:
    return post_id is not None and Post.objects.current(at).filter(pk=post_id).exists()


def _with_office(leader_post_id: int | None, lines: LineQuerySet, why: Why) -> Finding:
    line = lines.filter(leader=leader_post_id).first()
    return Finding(leader_post_id, line.pk if line else None, line.office_id if line else None, why)


def _covering(
    enterprise: Enterprise | None, project: Project | None, unit_id: int | None, town_id: int | None
) -> set[int]:
    """The units of which a line must hold one: towns and parks themselves, responsible units and all above them."""
    places = [town_id, enterprise.town_id if enterprise else None]
    answering = [unit_id]
    if project is not None:
        places += [project.town_id, project.park_id]
        answering += [project.unit_id, project.lead_unit_id]
    units = {place for place in places if place}
    if wanted := [unit for unit in answering if unit]:
        units.update(wanted)
        for path in Unit.objects.filter(pk__in=wanted).values_list("path", flat=True):
            units.update(path)
    return units


# Overlaps and gaps ----------------------------------------------------------------------------------------------------

Scope = Literal["unit", "category", "project"]


@dataclass(frozen=True)
class Overlap:
    """What several lines name: the first of ``lines`` is the one that counts."""

    scope: Scope
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Coverage:
    """``gaps`` by what is left out: units, categories, projects without a leader behind them."""

    overlaps: list[Overlap]
    gaps: dict[Scope, list[str]]


def overlaps_and_gaps(year: int, projects: ProjectQuerySet | None = None) -> Coverage:
    """Units, categories and projects named by more than one line of ``year``; and towns, parks, responsible units,
    categories and living projects that no line reaches. ``projects`` are those that the reader may know of."""
    rows = Line.objects.filter(year=year).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
    lines = list(rows.order_by("order", "id").prefetch_related("units"))
    known = Project.objects.living() if projects is None else projects.living()
    units, unit_gaps = _units(lines)
    named, project_gaps = _projects(lines, known)
    categories = _named((name, line) for line in lines for name in line.categories)
    category_gaps = [name for name, above in scopes.categories() if not {name, above} & categories.keys()]
    overlaps = [*_overlaps("unit", units), *_overlaps("category", categories), *_overlaps("project", named)]
    return Coverage(overlaps, {"unit": unit_gaps, "category": category_gaps, "project": project_gaps})


def _named(pairs: Iterable[tuple[str, Line]]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for name, line in pairs:
        found.setdefault(name, []).append(line)
    return found


def _overlaps(scope: Scope, named: dict[str, list[Line]]) -> list[Overlap]:
    return [Overlap(scope, name, lines) for name, lines in sorted(named.items()) if len(lines) > 1]


def _units(lines: list[Line]) -> tuple[dict[str, list[Line]], list[str]]:
    """By name those that lines name, and the towns, parks and responsible units that none reaches."""
    keys = {unit.pk for line in lines for unit in line.units.all()}
    living = Unit.objects.living().in_bulk(list(keys))
    named = _named((living[unit.pk].name, line) for line in lines for unit in line.units.all() if unit.pk in living)
    wanted = Unit.objects.living().filter(Q(is_responsible=True) | Q(kind__in=[UnitKind.TOWN, UnitKind.PARK]))
    gaps = wanted.exclude(path__overlap=list(keys)) if keys else wanted
    return named, list(gaps.values_list("name", flat=True))


def _projects(lines: list[Line], known: ProjectQuerySet) -> tuple[dict[str, list[Line]], list[str]]:
    """By code and name those that lines name; and those without a manager that none reaches by name or place."""
    by_key = {line.pk: line for line in lines}
    order = {line.pk: place for place, line in enumerate(lines)}
    through = Line.projects.through.objects.filter(line__in=list(by_key), project__in=known.values("pk"))
    pairs = sorted(through.values_list("project__code", "project__name", "line"), key=lambda one: order[one[2]])
    named = _named((f"{code} {name}", by_key[key]) for code, name, key in pairs)
    keys = list({unit.pk for line in lines for unit in line.units.all()})
    covered = Unit.objects.filter(path__overlap=keys).values("pk")
    reached = Q(town__in=covered) | Q(park__in=covered) | Q(unit__in=covered) | Q(lead_unit__in=covered)
    left = known.filter(manager__isnull=True).exclude(pk__in=known.filter(reached).values("pk"))
    left = left.exclude(pk__in=through.values("project")).order_by("code")
    return named, [f"{code} {name}" for code, name in left.values_list("code", "name")]
