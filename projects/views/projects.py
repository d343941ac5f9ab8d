"""The list of projects, the overview of one, its history, and the forms of its facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import role_page
from common import fmt
from common.pages import count_to, keyset, pager
from common.render import render_page
from projects import filters, overview, policy, sections
from projects.models import Project

FORM = ["GET", "HEAD", "POST"]
PAGE = 50
project_page = role_page(*policy.MEETING_ENTERPRISES)


@project_page
@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    found = filters.find(request.GET, request.actor)
    label, order = filters.ORDERS[found.order]
    page = keyset(found.rows.for_list(), order, request.GET.get("cursor"), PAGE)
    number, more = count_to(found.rows)
    text = _("%(n)s projects, %(order)s") % {"n": fmt.count(number, more=more), "order": label}
    chips = filters.chips(found, request.path)
    context = {
        "rows": [row(project) for project in page.rows],
        "filter": found.form,
        "chips": chips,
        "clear_url": f"{request.path}?stage={filters.ALL}",
        "pager": pager(request, page, text),
        "sorts": [
            {"label": label, "url": filters.address(request.path, found.chosen, name), "current": name == found.order}
            for name, (label, _fields) in filters.ORDERS.items()
        ],
        "order": found.order,
        "ways_out": [{"text": chip["text"], "url": chip["url"]} for chip in chips],
    }
    return render_page(request, "projects/projects.html", context, part="results")


@project_page
@require_safe
def project(request: HttpRequest, code: str) -> HttpResponse:
    """The overview: every fact of the project, with what was overridden on its way."""
    found = sections.find(request.actor, code)
    return sections.page(request, found, "overview", "projects/project.html", overview.context(request.actor, found))


def row(project: Project) -> dict[str, Any]:
    unit, manager, firm = project.unit, project.manager, project.enterprise
    return {
        "code": project.code,
        "name": project.name,
        "url": reverse("projects:project", args=[project.code]),
        "firm": firm.name if firm else project.investor,
        "stage": project.get_stage_display(),
        "category": project.get_category_display() if project.category else "—",
        "unit": unit.label if unit else "—",
        "manager": manager.user.name if manager else "—",
        "money": fmt.wan(project.total_investment),
    }
