"""Investment: the month before in one form for the units, the word of statistics, and the section of one project."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages as flash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.decorators import role_page
from accounts.policy import can
from common import charts, clock, fmt
from common.errors import Conflict
from common.forms import form_page
from common.pages import keyset, pager
from common.render import render_page
from documents import sheets
from projects import figures, grid, messages, sections, services
from projects.exports import files, overviews
from projects.forms_work import PlanYearForm, month_of
from projects.models import MonthFigure, Project, YearPlan
from projects.policy import MAY
from projects.views.plan import demand, page_of
from projects.views.projects import FORM, project_page

PAGE = 100
counting = role_page(*MAY[MonthFigure]["view"])


@counting
@require_safe
def investment(request: HttpRequest) -> HttpResponse:
    month = _month(request.GET.get("month", ""))
    if sheets.wanted(request):
        return sheets.answer(request, "investment", *overviews.investment(request.actor, month))
    return _grid(request, month)


@role_page(*MAY[Project]["enter_months"])
@require_POST
def enter_months(request: HttpRequest) -> HttpResponse:
    month = _month(request.POST.get("month", ""))
    projects = list(grid.projects_of(request.actor, month).filter(pk__in=_keys(request, "actual_")))
    sent = grid.entries(request.POST, projects)
    return _write(
        request, month, sent, lambda: services.enter_months(actor=request.actor, month=month, entries=sent.values)
    )


@role_page(*MAY[MonthFigure]["answer_months"])
@require_POST
def answer_months(request: HttpRequest) -> HttpResponse:
    month = _month(request.POST.get("month", ""))
    rows = MonthFigure.objects.visible_to(request.actor).filter(month=month, pk__in=_keys(request, "included_"))
    sent = grid.answers(request.POST, list(rows))
    return _write(request, month, sent, lambda: services.answer_months(actor=request.actor, answers=sent.values))


def _write(request: HttpRequest, month: date, sent: grid.Sent, verb: Callable[[], int]) -> HttpResponse:
    """All or none: with a mistake the form comes back with everything that was typed."""
    if sent.mistakes:
        return _grid(request, month, sent=sent, problem=_("Nothing is saved yet: please mend the marked rows."))
    try:
        number = verb()
    except ValidationError as wrong:
        for name, texts in getattr(wrong, "message_dict", {}).items():
            if name.startswith("reason_"):
                sent.mistakes[int(name.removeprefix("reason_"))] = " ".join(texts)
        return _grid(request, month, sent=sent, problem=" ".join(wrong.messages))
    except Conflict as conflict:
        return _grid(request, month, sent=sent, problem=conflict.message, status=409)
    flash.success(request, _("%(n)d figures are saved.") % {"n": number})
    return HttpResponseRedirect(f"{reverse('projects:investment')}?month={month:%Y-%m}")


def _grid(
    request: HttpRequest, month: date, *, sent: grid.Sent | None = None, problem: str = "", status: int = 0
) -> HttpResponse:
    params = request.POST if sent else request.GET
    page = keyset(grid.projects_of(request.actor, month), ["code"], params.get("cursor"), PAGE)
    rows = grid.rows(request.actor, page.rows, month, request.POST if sent else None, sent)
    over = month < clock.today().replace(day=1)
    answering = can(request.actor, "answer_months", MonthFigure)
    entering = over and not answering and any(row["may_enter"] for row in rows)
    context = {
        "export": f"{reverse('projects:investment')}?month={month:%Y-%m}&as=xlsx",
        "rows": rows,
        "month": f"{month:%Y-%m}",
        "month_text": fmt.month(month),
        "months": grid.months(month),
        "entered_by": fmt.cn_date(messages.entered_by(month)),
        "answered_by": fmt.cn_date(messages.answered_by(month)),
        "late": _owing(month, rows) if clock.today() > messages.entered_by(month) else 0,
        "answering": answering,
        "entering": entering,
        "cursor": params.get("cursor", ""),
        "pager": pager(request, page),
        "problem": problem,
    }
    return render_page(request, "projects/investment.html", context, status=status or (422 if sent else 200))


def _owing(month: date, rows: list[dict[str, Any]]) -> int:
    """How many of the rows have no figure yet; each is marked."""
    missing = set(grid.owing(month).filter(pk__in=[row["pk"] for row in rows]).values_list("pk", flat=True))
    for row in rows:
        row["missing"] = row["pk"] in missing
    return len(missing)


def _keys(request: HttpRequest, prefix: str) -> list[int]:
    found = (name.removeprefix(prefix) for name in request.POST if name.startswith(prefix))
    return [int(key) for key in found if key.isascii() and key.isdigit() and len(key) < 19]


def _month(text: str) -> date:
    return month_of(text) or grid.month_before(clock.today())


# --- one project -----------------------------------------------------------------------------------------------------


@project_page
@require_safe
def money(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code, "investment")
    year = _year(request)
    months = list(project.months.filter(month__year=year).select_related("entered_by").order_by("month"))
    if sheets.wanted(request):
        return sheets.answer(request, "money", *files.money(project, year, months), ref=project.code)
    figure = figures.completion(Project.objects.filter(pk=project.pk), year)
    planned = project.year_plans.filter(year=year).first()
    context = {
        "export": sheets.address(request),
        "year": year,
        "years": _years(project, year),
        "rows": _month_rows(months),
        "planned": fmt.wan(planned.amount) if planned else "",
        "first": fmt.wan(planned.first_amount) if planned and planned.first_amount is not None else "",
        "share": figure.shown,
        "fraction": f"{figure.fraction} " + _("(10,000 yuan)"),
        "may_plan": can(request.actor, "plan_year", project),
    }
    return sections.page(request, project, "investment", "projects/money.html", context)


@project_page
@require_http_methods(FORM)
def plan_year(request: HttpRequest, code: str) -> HttpResponse:
    project = sections.find(request.actor, code)
    demand(request, "plan_year", project)
    year, back = _year(request), f"{reverse('projects:money', args=[project.code])}?year={_year(request)}"
    known: dict[str, Any] = {
        f"month_{row.month.month}": row.plan for row in project.months.filter(month__year=year, plan__isnull=False)
    }
    known["amount"] = YearPlan.objects.filter(project=project, year=year).values_list("amount", flat=True).first()
    form = PlanYearForm(request.POST or None, initial=known)
    return form_page(
        request,
        form,
        verb=lambda data: services.plan_year(
            actor=request.actor,
            project_id=project.pk,
            year=year,
            amount=data["amount"],
            months=form.months(),
            reason=data["reason"],
        ),
        to=back,
        told=_("The plan of the year is saved."),
        context=page_of(project, _("Plan of the year %(year)d") % {"year": year}, _("Save"), back),
    )


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    good = len(text) == 4 and text.isascii() and text.isdigit() and 2000 <= int(text) <= 2100
    return int(text) if good else clock.today().year


def _years(project: Project, shown: int) -> list[dict[str, Any]]:
    known = {*project.year_plans.values_list("year", flat=True), *project.months.values_list("month__year", flat=True)}
    here = reverse("projects:money", args=[project.code])
    years = sorted({*known, clock.today().year, shown})
    return [{"label": str(year), "url": f"{here}?year={year}", "current": year == shown} for year in years]


def _month_rows(months: list[MonthFigure]) -> list[dict[str, Any]]:
    """With plan and investment summed up from January."""
    rows, planned, done = [], Decimal(0), Decimal(0)
    top = max([row.actual or Decimal(0) for row in months] + [row.plan or Decimal(0) for row in months], default=0)
    for row in months:
        planned, done = planned + (row.plan or 0), done + (row.actual or 0)
        behind = row.actual is not None and row.plan is not None and row.actual < row.plan
        rows.append(
            {
                "month": f"{row.month:%Y-%m}",
                "plan": fmt.places(row.plan),
                "actual": fmt.places(row.actual),
                "bar": charts.bar(row.actual or 0, top=top, plan=row.plan) if top else None,
                "behind": behind,
                "planned": fmt.places(planned),
                "done": fmt.places(done) if row.actual is not None else "—",
                "word": grid.word(row),
                "source": row.source,
                "entered": grid.entered(row),
            }
        )
    return rows
