"""The leaders' service lines of a year, with where they overlap and what they leave out."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.decorators import staff_page
from accounts.forms import post_label
from accounts.policy import can
from common import clock, fmt
from common.errors import NotVisible
from common.forms import form_page
from common.render import render_page
from projects import services
from projects.finding import Coverage, overlaps_and_gaps
from projects.forms import ChangeLineForm, CloseLineForm, CreateLineForm
from projects.models import Line, Project

GAPS_NAMED = 40
FORM = ["GET", "HEAD", "POST"]


@staff_page
@require_safe
def lines(request: HttpRequest) -> HttpResponse:
    year = _year(request)
    rows = Line.objects.visible_to(request.actor).filter(year=year).for_list().order_by("order", "pk")
    may_change = can(request.actor, "change_line", Line)
    coverage = overlaps_and_gaps(year, Project.objects.visible_to(request.actor))
    seen = {project.pk for project in Project.objects.visible_to(request.actor).filter(lines__in=rows)}
    context = {
        "year": year,
        "tabs": _tabs(year),
        "rows": [_row(line, may_change, seen) for line in rows],
        "overlaps": _overlaps(coverage),
        "gaps": _gaps(coverage),
        "may_create": can(request.actor, "create_line", Line),
    }
    return render_page(request, "projects/lines.html", context)


@staff_page
@require_http_methods(FORM)
def create_line(request: HttpRequest) -> HttpResponse:
    _demand(request, "create_line", Line)
    return form_page(
        request,
        CreateLineForm(request.POST or None, initial={"year": _year(request), "order": 1}, actor=request.actor),
        verb=lambda data: services.create_line(actor=request.actor, **{**data, "units": list(data["units"])}),
        to=_url,
        told=_("The line is entered."),
        context=_page(_("New service line"), _("Enter it")),
    )


@staff_page
@require_http_methods(FORM)
def change_line(request: HttpRequest, pk: int) -> HttpResponse:
    line = _find(request, pk)
    _demand(request, "change_line", line)
    lede = _("Issues that already have a leader keep theirs.")
    return form_page(
        request,
        ChangeLineForm(request.POST or None, initial=ChangeLineForm.values_of(line), actor=request.actor),
        verb=lambda data: services.change_line(
            actor=request.actor, line_id=pk, **{**data, "units": list(data["units"])}
        ),
        to=_url,
        told=_("The line is changed."),
        context=_page(_("Change %(name)s") % {"name": line.name}, _("Save"), lede),
    )


@staff_page
@require_http_methods(FORM)
def close_line(request: HttpRequest, pk: int) -> HttpResponse:
    line = _find(request, pk)
    _demand(request, "close_line", line)
    return form_page(
        request,
        CloseLineForm(request.POST or None, initial={"on": clock.today()}),
        verb=lambda data: services.close_line(actor=request.actor, line_id=pk, **data),
        to=_url,
        told=_("The line ends."),
        context=_page(_("End the line %(name)s") % {"name": line.name}, _("End the line")),
    )


def _demand(request: HttpRequest, action: str, obj: Any) -> None:
    if not can(request.actor, action, obj):
        raise PermissionDenied


def _find(request: HttpRequest, pk: int) -> Line:
    line = Line.objects.visible_to(request.actor).for_list().filter(pk=pk).first()
    if line is None:
        raise NotVisible
    return line


def _year(request: HttpRequest) -> int:
    text = request.GET.get("year", "")
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else clock.today().year


def _url(line: Line) -> str:
    return f"{reverse('projects:lines')}?year={line.year}"


def _tabs(year: int) -> list[dict[str, Any]]:
    now = clock.today().year
    here = reverse("projects:lines")
    years = sorted({now - 1, now, now + 1, year})
    return [{"label": str(each), "url": f"{here}?year={each}", "current": each == year} for each in years]


def _scope_words(scope: str) -> str:
    return {"unit": _("Units"), "category": _("Categories of issues"), "project": _("Projects")}[scope]


def _overlaps(coverage: Coverage) -> list[dict[str, str]]:
    return [
        {
            "scope": _scope_words(found.scope),
            "name": found.name,
            "lines": "、".join(line.name for line in found.lines),
            "first": found.lines[0].name,
        }
        for found in coverage.overlaps
    ]


def _gaps(coverage: Coverage) -> list[dict[str, Any]]:
    return [
        {
            "scope": _scope_words(scope),
            "count": len(names),
            "names": "、".join(names[:GAPS_NAMED]),
            "more": max(0, len(names) - GAPS_NAMED),
        }
        for scope, names in coverage.gaps.items()
    ]


def _row(line: Line, may_change: bool, seen: set[int]) -> dict[str, Any]:
    ended = line.ends_on is not None and line.ends_on < clock.today()
    return {
        "order": line.order,
        "name": line.name,
        "leader": post_label(line.leader),
        "gone": line.leader.ends_at is not None and line.leader.ends_at <= clock.now(),
        "office": line.office.name,
        "units": "、".join(unit.label for unit in line.units.all()),
        "categories": "、".join(line.categories),
        "projects": "、".join(project.name for project in line.projects.all() if project.pk in seen),
        "named": sum(project.pk in seen for project in line.projects.all()),
        "until": fmt.full_date(line.ends_on),
        "change": reverse("projects:change_line", args=[line.pk]) if may_change and not ended else "",
        "close": reverse("projects:close_line", args=[line.pk]) if may_change and not ended else "",
    }


def _page(title: str, submit: str, lede: str = "") -> dict[str, Any]:
    here = reverse("projects:lines")
    crumbs = [{"label": _("Service lines"), "url": here}, {"label": title, "url": ""}]
    return {"title": title, "submit": submit, "cancel": here, "lede": lede, "crumbs": crumbs}
