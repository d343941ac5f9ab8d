"""The page of who has projects of their own: which they are, and what waits for them."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.actors import Actor
from accounts.decorators import role_page
from accounts.policy import can
from accounts.roles import Role
from common import clock, fmt
from common.render import render_page
from projects import gates, waiting
from projects.leadpage import light_of
from projects.models import Project
from projects.states import NEXT, Stage

# Who has projects of their own: managers, their service offices, specialists.
SERVING = (Role.LEADER, Role.CHIEF, Role.SERVICE_OFFICE, Role.SPECIALIST)
LEADING_STAGES = (Stage.SIGNING, Stage.CONSTRUCTION)


@role_page(*SERVING)
@require_safe
def my_projects(request: HttpRequest) -> HttpResponse:
    own = waiting.own_projects(request.actor).living().for_list().with_light(clock.today())
    projects = list(own.order_by(F("next_due").asc(nulls_last=True), "code"))
    facts = gates.facts_of(projects)
    context = {
        "rows": [_row(request.actor, facts[project.pk]) for project in projects],
        "waiting": [*waiting.asked(request.actor), *_lacking(facts, projects)],
    }
    return render_page(request, "projects/mine.html", context)


def _lacking(facts: dict[int, gates.Facts], projects: list[Project]) -> list[dict[str, str]]:
    rows = []
    for project in projects:
        found = facts[project.pk]
        if project.stage in LEADING_STAGES and not found.specialists:
            rows.append(waiting.waits(project, _("No service specialist is named"), "team"))
        if gates.ready(found):
            to = Stage(NEXT[Stage(project.stage)]).label
            rows.append(
                waiting.waits(project, _("Nothing is missing for “%(stage)s” any more") % {"stage": to}, "stages")
            )
    return rows


def _row(actor: Actor, facts: gates.Facts) -> dict[str, Any]:
    project = facts.project
    to = NEXT.get(Stage(project.stage))
    return {
        "name": project.name,
        "code": project.code,
        "url": reverse("projects:project", args=[project.code]),
        "light": light_of(project),
        "due": fmt.md(project.next_due),  # type: ignore[attr-defined]  # with_light
        "stage": project.get_stage_display(),
        "since": fmt.full_date(project.stage_since) or "—",
        "unit": project.unit.label if project.unit else "—",
        "money": fmt.wan(project.total_investment),
        "missing": len(gates.missing(facts, to)) if to else 0,
        "log": reverse("projects:log_contact", args=[project.code]) if can(actor, "log_contact", project) else "",
        "stages": reverse("projects:stages", args=[project.code]),
    }
