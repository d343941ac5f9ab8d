"""What looks at many projects or enterprises at once: approvals, their week, a month's investment, leads, library,
ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from common import fmt
from documents.sheets import MOST, Listed, Row, Share
from projects import grid, leadpage, ledger, planrows, week, weekrows
from projects.models import Lead, LibraryTarget, MonthFigure, PlanItem
from projects.querysets import EnterpriseQuerySet


def wan(what: str) -> str:
    """A heading over money."""
    return _("%(what)s (10,000 yuan)") % {"what": what}


def approvals(items: QuerySet[PlanItem]) -> Listed:
    """``items`` have their light and the order of the page."""
    heading = [
        _("Project code"), _("Project"), _("Approval step"), _("State"), _("Light"), _("Approving unit"), _("Begun"),
        _("Due on"), _("Ended on"), _("Statutory days"), _("Promised days"), _("Counted in"), _("Days taken"),
        _("Times returned"),
    ]  # fmt: skip
    return _("Approvals"), heading, [_approval(item) for item in items[:MOST]]


def _approval(item: Any) -> Row:
    unit, light, due = item.unit or item.project.unit, planrows.light(item), item.due_on or item.planned_end
    return [
        item.project.code, item.project.name, item.name, item.get_state_display(), light.word if light else None,
        unit.label if unit else None, item.started_on, due, item.ended_on,
        item.statutory_days, item.promised_days, counted_in(item), item.taken_days, item.times_returned,
    ]  # fmt: skip


def counted_in(item: PlanItem) -> str:
    """In what the days of an item are counted, where it has any."""
    return item.get_day_kind_display() if item.promised_days is not None or item.statutory_days is not None else ""


def friday(actor: Actor, found: week.Week) -> Listed:
    """How far each project is, and below it the units with the total in the last row."""
    heading = [_("Project code"), _("Project"), _("Responsible unit"), _("Fast track"), *map(str, weekrows.steps())]
    lines: list[Any] = [
        [row["code"], row["name"], row["unit"], row["tracks"],
         *(f"{one['word']} {one['day']}".strip() for one in row["cells"])]
        for row in weekrows.projects(actor, found.projects)
    ]  # fmt: skip
    columns = {
        "begun": _("Begun"), "granted": _("Granted"), "refused": _("Refused"), "timely": _("In time"),
        "returned": _("Returned"), "running": _("Under way"), "late": _("Late"),
    }  # fmt: skip
    units = [[row["answers"] or _("No responsible unit"), *(row[name] for name in columns)] for row in found.units]
    total = [_("Total"), *(found.total[name] for name in columns)]
    lines += [[], [_("Approving unit"), *columns.values()], *units, total]
    whole = [[*line, *[None] * (len(heading) - len(line))] for line in lines]
    return " ".join((_("Report of the week"), str(found.last))), heading, whole


def investment(actor: Actor, month: date) -> Listed:
    heading = [
        _("Project code"), _("Project"), _("Responsible unit"), wan(_("Plan")), wan(_("Investment done")), _("Source"),
        wan(_("Done since January")), _("Plan of the year (10,000 yuan)"), _("Completion of the year's investment"),
        _("Statistics"), _("Entered by"), _("Entered at"),
    ]  # fmt: skip
    found = list(grid.projects_of(actor, month).order_by("code")[:MOST])
    figures = MonthFigure.objects.filter(month=month, project__in=[project.pk for project in found])
    known = {figure.project_id: figure for figure in figures.select_related("entered_by")}
    name = _("Investment of %(month_text)s") % {"month_text": fmt.month(month)}
    return name, heading, [_month(project, known.get(project.pk)) for project in found]


def _month(project: Any, figure: MonthFigure | None) -> Row:
    plan, done = project.year_plan, project.year_done
    return [
        project.code,
        project.name,
        project.unit.label if project.unit else None,
        figure.plan if figure else None,
        figure.actual if figure else None,
        figure.source if figure else None,
        done,
        plan,
        Share((done or Decimal(0)) / plan) if plan else None,
        *answered(figure),
    ]


def answered(figure: MonthFigure | None) -> Row:
    """The word of statistics, who entered the figure, and when."""
    if figure is None or figure.actual is None:
        return [None, None, None]
    return [grid.word(figure), figure.entered_by.name if figure.entered_by else None, figure.entered_at]


def leads(rows: QuerySet[Lead]) -> Listed:
    heading = [
        _("Project code"), _("Project"), _("Where it stands"), _("Light"), _("Due on"), _("Responsible unit"),
        _("First contact"), _("Total investment (10,000 yuan)"), _("Registered"), _("Where it came from"),
    ]  # fmt: skip
    found = list(rows[:MOST])
    running = {one.subject_id: one for one in leadpage.running_clocks([lead.project_id for lead in found])}
    return _("Leads"), heading, [_lead(lead, running.get(lead.project_id)) for lead in found]


def _lead(lead: Any, running: Any) -> Row:
    project, owner = lead.project, lead.owner
    return [
        project.code,
        project.name,
        str(leadpage.LABELS[lead.standing]),
        leadpage.light_of(running).word if running else None,
        fmt.day(running.due_at) if running else None,
        project.unit.label if project.unit else None,
        owner.user.name if owner else None,
        project.total_investment,
        fmt.day(lead.registered_at),
        lead.source,
    ]


def library(year: int, targets: Iterable[tuple[LibraryTarget, int]]) -> Listed:
    heading = [_("Unit"), _("Each of at least (10,000 yuan)"), _("Brought in"), _("Owed"), _("Still owed")]
    lines = [
        [target.unit.label, target.least or _("any amount"), done, target.count, max(target.count - done, 0)]
        for target, done in targets
    ]
    return " ".join((_("Library of planned projects"), str(year))), heading, lines


def enterprise_ledger(rows: EnterpriseQuerySet) -> Listed:
    """``rows`` come ``with_visits``. Phones are seen one by one, each look recorded: never here."""
    heading = [
        _("Enterprise"), _("Credit code"), _("Town or park"), _("Contact"), _("Channel"), _("Partner cadre"),
        _("Last visit"), _("Visited by"),
    ]  # fmt: skip
    found = list(rows[:MOST])
    names = ledger.visitors(found)
    return _("Enterprise ledger"), heading, [_enterprise(firm, names) for firm in found]


def _enterprise(firm: Any, names: dict[int, str]) -> Row:
    return [
        firm.name,
        firm.uscc,
        firm.town.label if firm.town else None,
        firm.contact_name,
        firm.channel,
        firm.partner.user.name if firm.partner else None,
        firm.last_visit,
        names.get(firm.last_entry),
    ]
