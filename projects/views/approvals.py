"""The approvals of all projects, for who watches them; and the report of a week."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actors import Actor
from accounts.decorators import role_page
from accounts.models import Unit
from common import clock, fmt
from common.pages import keyset, pager
from common.render import render_page
from deadlines import wording
from documents import sheets
from projects import approvals as monitor
from projects import planrows, policy, week, weekrows
from projects.exports import overviews
from projects.forms_work import ApprovalFilterForm
from projects.models import PlanItem, Project

PAGE = 50
ORDER = ["planned_end", "id"]
watching = role_page(*policy.WATCHING)


@watching
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    items = PlanItem.objects.watched_by(request.actor)
    form = _filter(request, items)
    items = _filtered(items, form).with_light(clock.today())
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in monitor.SHOWN else "running"
    if sheets.wanted(request):
        return sheets.answer(request, "approvals", *overviews.approvals(_listed(items, chosen).order_by(*ORDER)))
    page = keyset(_listed(items, chosen), ORDER, request.GET.get("cursor"), PAGE)
    counts = monitor.counts(items)
    context = {
        "export": sheets.address(request),
        "rows": _rows(request.actor, page.rows),
        "tabs": _tabs(request, counts, chosen),
        "filter": form,
        "show": chosen,
        "units": [_unit(row) for row in monitor.by_unit(_filtered(PlanItem.objects.watched_by(request.actor), form))],
        "pager": pager(request, page),
        "friday": f"{reverse('projects:friday')}?day={week.friday_of(clock.today())}",
    }
    return render_page(request, "projects/approvals.html", context)


@watching
@require_safe
def friday(request: HttpRequest) -> HttpResponse:
    """The week that ended on the Friday up to ``day``."""
    last = week.friday_of(_day(request.GET.get("day", "")))
    found, here, now = week.of(last), reverse("projects:friday"), week.friday_of(clock.today())
    if sheets.wanted(request):
        return sheets.answer(request, "friday", *overviews.friday(request.actor, found))
    context = {
        "export": sheets.address(request),
        "rows": [{**row, "name": row["answers"] or _("No responsible unit")} for row in found.units],
        "total": found.total,
        "steps": weekrows.steps(),
        "projects": weekrows.projects(request.actor, found.projects),
        "first": fmt.full_date(found.first),
        "last": fmt.full_date(found.last),
        "at": fmt.cn_datetime(found.frozen_at or clock.now()),
        "frozen": found.frozen_at is not None,
        "before": f"{here}?day={week.friday_of(found.first)}",
        "after": f"{here}?day={_next(found.last)}" if _next(found.last) <= now else "",
        "crumbs": [
            {"label": _("Approvals"), "url": reverse("projects:approvals")},
            {"label": _("Report of the week"), "url": ""},
        ],
    }
    return render_page(request, "projects/approvals_friday.html", context)


def _next(last: date) -> date:
    return date.fromordinal(last.toordinal() + 7)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return clock.today()
    return found if 2000 <= found.year <= 2100 else clock.today()


def _filter(request: HttpRequest, items: QuerySet[PlanItem]) -> ApprovalFilterForm:
    units = Unit.objects.filter(pk__in=items.order_by().values("unit")).order_by("kind", "pinyin")
    steps = items.order_by("name").values_list("name", flat=True).distinct()[:200]
    form = ApprovalFilterForm(request.GET or None, units=[(unit.code, unit.label) for unit in units], steps=steps)
    form.is_valid()
    return form


def _filtered(items: QuerySet[PlanItem], form: ApprovalFilterForm) -> QuerySet[PlanItem]:
    if not form.is_bound:
        return items
    if not form.is_valid():
        return items.none()
    if unit := form.cleaned_data["unit"]:
        items = items.filter(unit__code=unit)
    if step := form.cleaned_data["step"]:
        items = items.filter(name=step)
    return items


def _listed(items: QuerySet[PlanItem], chosen: str) -> QuerySet[PlanItem]:
    return monitor.showing(items, chosen).select_related("project", "project__unit", "unit")


def _tabs(request: HttpRequest, counts: dict[str, int], chosen: str) -> list[dict[str, Any]]:
    labels = {
        "running": _("Under way"),
        "soon": _("Due soon"),
        "late": _("Late"),
        "returned": _("Returned before"),
        "ended": _("Ended"),
    }
    return [
        {"label": labels[name], "count": counts[name], "url": _address(request.GET, name), "current": name == chosen}
        for name in monitor.SHOWN
    ]


def _address(params: QueryDict, show: str) -> str:
    query = QueryDict(mutable=True)
    query.update({name: value for name in ("unit", "step") if (value := params.get(name))})
    query["show"] = show
    return f"{reverse('projects:approvals')}?{query.urlencode()}"


def _rows(actor: Actor, items: list[PlanItem]) -> list[dict[str, Any]]:
    """The project's own page is there only for who sees the project."""
    seen = set(
        Project.objects.visible_to(actor)
        .filter(pk__in={item.project_id for item in items})
        .values_list("pk", flat=True)
    )
    return [_row(item, item.project_id in seen) for item in items]


def _row(item: PlanItem, seen: bool) -> dict[str, Any]:
    unit, project = item.unit or item.project.unit, item.project
    return {
        "name": item.name,
        "project": project.name,
        "code": project.code,
        "url": f"{reverse('projects:plan', args=[project.code])}#item-{item.pk}" if seen else "",
        "unit": unit.label if unit else "—",
        "state": item.get_state_display(),
        "light": planrows.light(item),
        "begun": fmt.md(item.started_on) or "—",
        "due": fmt.md(item.due_on or item.planned_end) or "—",
        "limit": wording.limit(item.promised_days, item.day_kind) if item.promised_days is not None else "—",
        "taken": "" if item.taken_days is None else _("took %(n)d") % {"n": item.taken_days},
        "ended": fmt.md(item.ended_on),
        "returned": item.times_returned,
    }


def _unit(row: monitor.UnitRow) -> dict[str, Any]:
    return {
        "unit": row.unit or _("No responsible unit"),
        "days": _("working days") if row.day_kind == "wd" else _("calendar days"),
        "number": row.number,
        "returned": row.returned,
        "promised": row.promised.shown,
        "promised_of": row.promised.fraction if row.promised.value is not None else "",
        "taken": row.taken.shown,
        "taken_of": row.taken.fraction if row.taken.value is not None else "",
    }
