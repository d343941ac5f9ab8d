"""Which leader is behind an issue (PRODUCT.md §4, service lines), and where the lines overlap or leave gaps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Post, Unit
from accounts.roles import UnitKind
from common import clock
from projects import scopes
from projects.models import Enterprise, Line, Project
from projects.querysets import ProjectQuerySet

Why = Literal["project", "liaison", "line_project", "line", "line_category", "chosen", "none"]


@dataclass(frozen=True)
class Finding:
    """``leader_post_id`` may be None although a line was found: its leader has left, the office holds the work."""

    leader_post_id: int | None
    line_id: int | None
    office_unit_id: int | None
    why: Why


NOBODY = Finding(None, None, None, "none")


@dataclass(frozen=True)
class Reach:
    """The lines of a day in their order, with what each reaches: the one place that says which line a project or an
    issue is on. ``ProjectQuerySet.reached_by`` is the same asked of the database."""

    lines: list[Line]
    units: dict[int, frozenset[int]]
    projects: dict[int, frozenset[int]]

    @classmethod
    def on(cls, day: date) -> Reach:
        """Three queries."""
        lines = list(Line.objects.living(day).select_related("leader__user").order_by("order", "id"))
        return cls(lines, _through(Line.units, "unit", lines), _through(Line.projects, "project", lines))

    def first(
        self, project_id: int | None, units: Collection[int], categories: Collection[str] = ()
    ) -> tuple[Line | None, Why]:
        """The first line that names the project; else that covers one of the units; else one of the categories."""
        for line in self.lines:
            if project_id in self.projects[line.pk]:
                return line, "line_project"
        for line in self.lines:
            if not self.units[line.pk].isdisjoint(units):
                return line, "line"
        for line in self.lines:
            if not set(line.categories).isdisjoint(categories):
                return line, "line_category"
        return None, "none"

    def all(self, project_id: int, units: Collection[int]) -> list[Line]:
        """Every line that names the project or covers one of its units."""
        return [
            line
            for line in self.lines
            if project_id in self.projects[line.pk] or not self.units[line.pk].isdisjoint(units)
        ]

    def led_by(self, leader_post_id: int | None) -> Line | None:
        return next((line for line in self.lines if line.leader_id == leader_post_id), None)


def _through(relation: Any, name: str, lines: list[Line]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {line.pk: set() for line in lines}
    for line, key in relation.through.objects.filter(line__in=lines).values_list("line_id", f"{name}_id"):
        found[line].add(key)
    return {line: frozenset(keys) for line, keys in found.items()}


def find_leader(
    *,
    project: Project | None = None,
    enterprise: Enterprise | None = None,
    unit_id: int | None = None,
    town_id: int | None = None,
    categories: Collection[str] = (),
    at: datetime,
) -> Finding:
    """The leader of the project's first manager who is in office; else the liaison leader of the enterprise; else the
    first line of the year that names the project; else the first that covers a town, the lead unit or one above it, of
    the issue, the enterprise or the project; else the first that covers one of ``categories``, by name; else nobody,
    said so.

    Managers and liaison leaders whose post is over at ``at`` are passed over. A year without lines has none: last
    year's are not carried on in silence.
    """
    reach = Reach.on(clock.local(at).date())
    if project is not None and (manager := leader_of(project, at)) is not None:
        return _with_office(manager, reach, "project")
    if enterprise is not None and _in_post(enterprise.liaison_leader_id, at):
        return _with_office(enterprise.liaison_leader_id, reach, "liaison")
    units = _covering(enterprise, project, unit_id, town_id)
    line, why = reach.first(project.pk if project else None, units, categories)
    if line is None:
        return NOBODY
    leader = line.leader_id if _in_post(line.leader_id, at) else None
    return Finding(leader, line.pk, line.office_id, why)


def leader_of(project: Project, at: datetime) -> int | None:
    """The leader's post behind the first manager in charge; that of the project itself where managers were never named
    one by one."""
    managers = project.managers.in_charge(at).filter(leader__in=Post.objects.current(at))
    first = managers.order_by("order", "id").values_list("leader", flat=True).first()
    return first or (project.manager_id if _in_post(project.manager_id, at) else None)


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


def lines_reaching(project: Project, day: date) -> list[Line]:
    return Reach.on(day).all(project.pk, _covering(None, project, None, None))


def _in_post(post_id: int | None, at: datetime) -> bool:
    return post_id is not None and Post.objects.current(at).filter(pk=post_id).exists()


def _with_office(leader_post_id: int | None, reach: Reach, why: Why) -> Finding:
    line = reach.led_by(leader_post_id)
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
    wanted = [unit for unit in answering if unit]
    paths = dict(Unit.objects.filter(pk__in=wanted).values_list("pk", "path")) if wanted else {}
    return units_of(places, answering, paths)


def units_of(places: Iterable[int | None], answering: Iterable[int | None], paths: Mapping[int, list[int]]) -> set[int]:
    units = {place for place in places if place}
    for unit in answering:
        if unit:
            units.update({unit, *paths.get(unit, ())})
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
    reached = known.reached_by(Line.objects.filter(pk__in=list(by_key)))
    left = known.filter(manager__isnull=True).exclude(pk__in=reached.values("pk")).order_by("code")
    return named, [f"{code} {name}" for code, name in left.values_list("code", "name")]
