"""The list of projects, the overview of one, its history, and the forms of its facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import Actor
from accounts.policy import can
from common import clock, fmt
from common.forms import form_page
from common.pages import count_to, keyset, pager
from common.render import render_page
from documents import sheets
from projects import figures, filters, history, overview, sections, services
from projects.exports import roll
from projects.leadpage import light_of
from projects.models import Project, ProjectImport
from projects.projectforms import ChangeProjectForm, CreateProjectForm, DescribeProjectForm
from projects.states import WAY
from projects.views._act import FORM, act_page, demand, find_for, project_page

PAGE = 50


@project_page
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    found = filters.find(request.GET, request.actor)
    label, order = filters.ORDERS[found.order]
    if sheets.wanted(request):
        return sheets.answer(request, "projects", *roll.projects(found.rows.order_by(*order), request.actor))
    page = keyset(found.rows.for_list(), order, request.GET.get("cursor"), PAGE)
    number, more = count_to(found.rows)
    text = _("%(n)s projects, %(order)s") % {"n": fmt.count(number, more=more), "order": label}
    chips = filters.chips(found, request.path)
    context = {
        "rows": [row(project) for project in page.rows],
        "export": sheets.address(request),
        "filter": found.form,
        "more_open": "level" in found.chosen,
        "chips": chips,
        "clear_url": f"{request.path}?stage={filters.ALL}",
        "pager": pager(request, page, text),
        "sorts": [
            {"label": label, "url": filters.address(request.path, found.chosen, name), "current": name == found.order}
            for name, (label, _fields) in filters.ORDERS.items()
        ],
        "order": found.order,
        "figures": _figures(request.actor),
        "may_create": can(request.actor, "create_project", Project),
        "may_move": can(request.actor, "move_projects", Project),
        "may_import": can(request.actor, "check_import", ProjectImport),
        "ways_out": [{"text": chip["text"], "url": chip["url"]} for chip in chips],
    }
    return render_page(request, "projects/projects.html", context, part="results")


def _figures(actor: Actor) -> list[dict[str, Any]]:
    """Stages, landing and opening rate, the year's completion, of all that the reader sees. Four queries."""
    seen, here, year = Project.objects.visible_to(actor), reverse("projects:projects"), clock.today().year
    done = figures.completion(seen.whole_for(actor).living(), year)
    rates = [(one, str(one.label), [one.fraction]) for one in figures.rates(seen)]
    money = [fmt.wan(done.numerator), f"÷ {fmt.wan(done.denominator)}"] if done.denominator else []
    rates.append((done, _("Completion of the plan of %(year)d") % {"year": year}, money))
    shown = [
        {"label": label, "value": one.shown.removesuffix(" %"), "unit": "%" if one.denominator else "", "lines": lines}
        for one, label, lines in rates
    ]
    counts = [
        {"label": one.label, "value": fmt.count(int(one.numerator)), "url": f"{here}?stage={one.name}"}
        for one in figures.stages(seen)
        if one.name in WAY
    ]
    return [*counts, *shown]


@project_page
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """The overview: every fact of the project, with what was overridden on its way."""
    found = sections.find(request.actor, code)
    return sections.page(request, found, "overview", "projects/project.html", overview.context(request.actor, found))


@project_page
@require_http_methods(FORM)
def create_project(request: HttpRequest) -> HttpResponse:
    demand(request, "create_project", Project)
    here = reverse("projects:projects")
    title = _("New project")
    crumbs = [{"label": _("Projects"), "url": here}, {"label": title, "url": ""}]
    return form_page(
        request,
        CreateProjectForm(request.POST or None, actor=request.actor, initial={"code": Project.objects.next_code()}),
        verb=lambda data: services.create_project(actor=request.actor, **without(data, "version")),
        to=url_of,
        told=_("The project is entered."),
        context={"title": title, "submit": _("Enter it"), "cancel": here, "crumbs": crumbs},
    )


@project_page
@require_http_methods(FORM)
def change_project(request: HttpRequest, code: str) -> HttpResponse:
    found = find_for(request, code, "change_project")
    initial = {**ChangeProjectForm.values_of(found), "version": found.version}
    return act_page(
        request,
        found,
        ChangeProjectForm(request.POST or None, initial=initial, actor=request.actor),
        verb=lambda data: services.change_project(actor=request.actor, code=code, **data),
        title=_("Change the facts"),
        submit=_("Save"),
        told=_("The project is changed."),
        back=url_of(found),
    )


@project_page
@require_http_methods(FORM)
def describe_project(request: HttpRequest, code: str) -> HttpResponse:
    found = find_for(request, code, "describe_project")
    initial = {**DescribeProjectForm.values_of(found), "version": found.version}
    return act_page(
        request,
        found,
        DescribeProjectForm(request.POST or None, initial=initial),
        verb=lambda data: services.describe_project(actor=request.actor, code=code, **data),
        title=_("Describe the project"),
        submit=_("Save"),
        told=_("The project is changed."),
        back=url_of(found),
        lede=_("The responsible unit keeps these itself; all else is changed by the coordinator."),
    )


@project_page
@require_safe
def project_history(request: HttpRequest, code: str) -> HttpResponse:
    found = sections.find(request.actor, code, "history")
    page = keyset(history.entries(found), ["-id"], request.GET.get("cursor"), PAGE)
    context = {"rows": history.rows(page.rows), "pager": pager(request, page) if page.next or page.previous else None}
    return sections.page(request, found, "history", "projects/project_history.html", context)


def url_of(project: Project) -> str:
    return reverse("projects:project", args=[project.code])


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in names}


def row(project: Project) -> dict[str, Any]:
    unit, manager, firm = project.unit, project.manager, project.enterprise
    return {
        "code": project.code,
        "name": project.name,
        "url": reverse("projects:project", args=[project.code]),
        "firm": firm.name if firm else project.investor,
        "light": light_of(project),
        "due": fmt.md(project.next_due),  # type: ignore[attr-defined]  # with_light
        "stage": project.get_stage_display(),
        "category": project.get_category_display() if project.category else "—",
        "unit": unit.label if unit else "—",
        "manager": manager.user.name if manager else "—",
        "money": fmt.wan(project.total_investment),
    }
