"""The investment of one month in all projects: what the units enter and statistics answers, as one form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.policy import can, subtree_of
from accounts.roles import OPERATIONAL_ROLES, Role
from common import clock, fmt
from projects.figures import plain as plain_money
from projects.forms_work import CENTS
from projects.models import MonthFigure, Project, YearPlan
from projects.services.money import Answer, Entry

MONEY = forms.DecimalField(required=False, **CENTS)
SOURCE = forms.CharField(required=False, max_length=200)
WHY = forms.CharField(required=False, max_length=500)
INCLUDED, NOT_INCLUDED = "yes", "no"


@dataclass
class Sent:
    """What a form sent, per project or figure: what is right, and the mistakes by row."""

    values: list[Any]
    mistakes: dict[int, str]


def month_before(day: date) -> date:
    return date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)


def projects_of(actor: Actor, month: date) -> QuerySet[Project]:
    """Living ones with a plan for the year, or with a figure for the month: for a unit those that it answers for, for
    who sees all and for statistics all."""
    rows = Project.objects.with_money_for(actor)
    if not actor.has(*OPERATIONAL_ROLES, Role.STATISTICS):
        rows = rows.filter(unit__in=subtree_of(actor))
    planned = YearPlan.objects.filter(year=month.year, project=OuterRef("pk"))
    done = MonthFigure.objects.filter(
        project=OuterRef("pk"), month__year=month.year, month__lte=month, actual__isnull=False
    )
    sums = done.order_by().values("project").annotate(sum=Sum("actual")).values("sum")
    there = MonthFigure.objects.filter(month=month, actual__isnull=False).values("project")
    return (
        rows.annotate(year_plan=Subquery(planned.values("amount")[:1], output_field=DecimalField()))
        .annotate(year_done=Subquery(sums, output_field=DecimalField()))
        .filter(Q(pk__in=Project.objects.living().values("pk"), year_plan__isnull=False) | Q(pk__in=there))
        .select_related("unit")
    )


def owing(month: date) -> QuerySet[Project]:
    """Projects whose figure of the month is missing: living, with a plan for the year and a unit that answers."""
    there = MonthFigure.objects.filter(month=month, actual__isnull=False).values("project")
    planned = YearPlan.objects.filter(year=month.year).values("project")
    return Project.objects.living().filter(pk__in=planned, unit__isnull=False).exclude(pk__in=there)


def rows(
    actor: Actor, projects: list[Project], month: date, params: QueryDict | None = None, sent: Sent | None = None
) -> list[dict[str, Any]]:
    """``params`` are what was typed, when the form comes back with mistakes."""
    figures = {
        row.project_id: row
        for row in MonthFigure.objects.filter(month=month, project__in=projects).select_related("entered_by")
    }
    return [
        _row(actor, project, figures.get(project.pk), params, sent.mistakes if sent else {}) for project in projects
    ]


def _row(
    actor: Actor, project: Project, figure: MonthFigure | None, params: QueryDict | None, mistakes: dict[int, str]
) -> dict[str, Any]:
    actual = figure.actual if figure else None
    key = figure.pk if figure else 0
    typed = params or {}
    return {
        "pk": project.pk,
        "figure": key if figure and actual is not None and can(actor, "answer_months", figure) else 0,
        "name": project.name,
        "code": project.code,
        "unit": project.unit.label if project.unit else "—",
        "plan": fmt.places(figure.plan if figure else None),
        "year": _year(project),
        "share": fmt.percent((project.year_done or 0) / project.year_plan) if project.year_plan else "",
        "actual": fmt.places(actual),
        "source": figure.source if figure else "",
        "seen": "" if actual is None else str(actual),
        "actual_typed": typed.get(f"actual_{project.pk}", "" if actual is None else str(actual)),
        "answered": figure is not None and figure.answered_at is not None,
        "reason_typed": typed.get(f"reason_{project.pk}", ""),
        "source_typed": typed.get(f"source_{project.pk}", figure.source if figure else ""),
        "may_enter": can(actor, "enter_months", project),
        "entered": entered(figure),
        "word": word(figure),
        "included_typed": typed.get(f"included_{key}", _included(figure)),
        "why_typed": typed.get(f"why_not_{key}", figure.why_not if figure else ""),
        "mistake": mistakes.get(project.pk) or mistakes.get(-key if key else 0, ""),
    }


def _year(project: Project) -> str:
    if project.year_plan is None:
        return "—"
    return fmt.ratio(plain_money(project.year_done or Decimal(0)), plain_money(project.year_plan))


def _included(figure: MonthFigure | None) -> str:
    return {True: INCLUDED, False: NOT_INCLUDED, None: ""}[figure.included if figure else None]


def entered(figure: MonthFigure | None) -> str:
    if figure is None or figure.entered_at is None:
        return ""
    name = figure.entered_by.name if figure.entered_by else ""
    return f"{name} {fmt.md_hm(figure.entered_at)}".strip()


def word(figure: MonthFigure | None) -> str:
    """What statistics says to it."""
    if figure is None or figure.actual is None:
        return "—"
    if figure.included is None:
        return _("Not answered yet")
    return _("Included") if figure.included else _("Not included: %(why)s") % {"why": figure.why_not}


def entries(params: QueryDict, projects: list[Project]) -> Sent:
    """What a unit entered; a field left empty enters nothing."""
    sent = Sent([], {})
    for project in projects:
        if not params.get(f"actual_{project.pk}", "").strip():
            continue
        try:
            entry = Entry(
                project.pk,
                MONEY.clean(plain(params[f"actual_{project.pk}"])),
                SOURCE.clean(params.get(f"source_{project.pk}", "")),
                MONEY.clean(params.get(f"seen_{project.pk}", "")),
                WHY.clean(params.get(f"reason_{project.pk}", "")),
            )
        except forms.ValidationError as wrong:
            sent.mistakes[project.pk] = " ".join(wrong.messages)
        else:
            sent.values.append(entry)
    return sent


def answers(params: QueryDict, figures: list[MonthFigure]) -> Sent:
    """What statistics answered; mistakes under the number of the figure, negative."""
    sent = Sent([], {})
    for figure in figures:
        said = params.get(f"included_{figure.pk}", "")
        if said not in (INCLUDED, NOT_INCLUDED):
            continue
        try:
            why, seen = (
                WHY.clean(params.get(f"why_not_{figure.pk}", "")),
                MONEY.clean(params.get(f"seen_{figure.pk}", "")),
            )
        except forms.ValidationError as wrong:
            sent.mistakes[-figure.pk] = " ".join(wrong.messages)
            continue
        if said == NOT_INCLUDED and not why:
            sent.mistakes[-figure.pk] = _("Say why it is not included.")
        sent.values.append(Answer(figure.pk, said == INCLUDED, why, seen))
    return sent


def plain(text: str) -> str:
    """As people type a figure: full-width digits, thousands told apart by commas, spaces around."""
    return text.translate(FULL_WIDTH).replace(",", "").strip()


FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


def months(month: date) -> list[dict[str, Any]]:
    """The last twelve months that are over, the newest first, with the shown one."""
    found, day = [], clock.today()
    for _n in range(12):
        day = month_before(day)
        found.append(day)
    here = reverse("projects:investment")
    shown = sorted({*found, month}, reverse=True)
    return [{"value": f"{one:%Y-%m}", "url": f"{here}?month={one:%Y-%m}", "current": one == month} for one in shown]
