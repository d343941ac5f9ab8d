"""The section of a project's file that shows what hinders it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.decorators import role_page
from common import clock
from common.pages import keyset, pager
from issues import policy
from issues.models import Issue
from issues.pages import listrows
from projects import sections
from projects.policy import MEETING_ENTERPRISES

PAGE = 50


@role_page(*MEETING_ENTERPRISES)
@require_safe
def of_project(request: HttpRequest, code: str) -> HttpResponse:
    """Those of the project's issues that the reader sees; not those whose submitter stays unknown to them, for that
    such an issue is about this project would tell who it is."""
    project = sections.find(request.actor, code)
    found = Issue.objects.visible_to(request.actor).filter(policy.knows_enterprise(request.actor), project=project)
    page = keyset(found.values(*listrows.COLUMNS), ["-submitted_at", "-id"], request.GET.get("cursor"), PAGE)
    context = {
        "rows": listrows.rows(request.actor, page.rows, clock.now()),
        "pager": pager(request, page) if page.next or page.previous else None,
        "may_submit": policy.may_submit(request.actor),
    }
    return sections.page(request, project, "issues", "issues/of_project.html", context)
