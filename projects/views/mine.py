"""The page of who has projects of their own: which they are, and what waits for them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import policy as engine
from accounts.actors import Actor
from accounts.decorators import role_page
from accounts.roles import Role
from common import clock, fmt
from common.render import render_page
from projects import gates, policy
from projects.models import Lead, Project, ProjectManager, TeamMember
from projects.states import BEGUN, NEXT, OVER, Stage

# Who has projects of their own: managers, their service offices, specialists.
SERVING = (Role.LEADER, Role.CHIEF, Role.SERVICE_OFFICE, Role.SPECIALIST)
LEADING_STAGES = (Stage.SIGNING, Stage.CONSTRUCTION)


@role_page(*SERVING)
@require_safe
def my_projects(request: HttpRequest) -> HttpResponse:
    projects = list(_own(request.actor).living().for_list().order_by("code"))
    facts = gates.facts_of(projects)
    context = {
        "rows": [_row(facts[project.pk]) for project in projects],
        "waiting": [*_asked(request.actor), *_lacking(facts, projects)],
    }
    return render_page(request, "projects/mine.html", context)


def _own(actor: Actor) -> Any:
    readers, today = engine.readers_of(actor), clock.today()
    managed = ProjectManager.objects.reading(today).filter(Q(post__in=readers) | Q(leader__in=readers))
    served = TeamMember.objects.reading(today).filter(post__in=readers)
    own = Q(manager__in=readers) | Q(pk__in=managed.values("project")) | Q(pk__in=served.values("project"))
    return Project.objects.visible_to(actor).filter(own)


def _asked(actor: Actor) -> list[dict[str, str]]:
    """Consents to a park, and briefs that wait for a first opinion of this leader."""
    readers = engine.readers_of(actor)
    leads = Lead.objects.visible_to(actor).exclude(project__stage__in=OVER).select_related("project")
    consents = leads.filter(park_asked_of__in=readers, park_answered_at__isnull=True).order_by("park_asked_at")
    rows = [_waits(one.project, _("Consent to the park is asked for"), "answer_park") for one in consents]
    if post := actor.in_role(*policy.MAY[Project]["give_opinion"]):
        briefs: QuerySet[Lead] = leads.filter(briefed_at__isnull=False, project__stage__in=BEGUN).exclude(
            leader_opinions__post=post
        )
        mine = briefs.filter(Q(park_asked_of__in=readers) | Q(project__in=_own(actor))).order_by("briefed_at")
        rows += [_waits(one.project, _("The brief waits for your opinion"), "give_opinion") for one in mine]
    return rows


def _lacking(facts: dict[int, gates.Facts], projects: list[Project]) -> list[dict[str, str]]:
    rows = []
    for project in projects:
        found = facts[project.pk]
        if project.stage in LEADING_STAGES and not found.specialists:
            rows.append(_waits(project, _("No service specialist is named"), "team"))
        if gates.ready(found):
            to = Stage(NEXT[Stage(project.stage)]).label
            rows.append(_waits(project, _("Nothing is missing for “%(stage)s” any more") % {"stage": to}, "stages"))
    return rows


def _waits(project: Project, what: str, where: str) -> dict[str, str]:
    return {"project": project.name, "what": what, "url": reverse(f"projects:{where}", args=[project.code])}


def _row(facts: gates.Facts) -> dict[str, Any]:
    project = facts.project
    to = NEXT.get(Stage(project.stage))
    return {
        "name": project.name,
        "code": project.code,
        "url": reverse("projects:project", args=[project.code]),
        "stage": project.get_stage_display(),
        "since": fmt.full_date(project.stage_since) or "—",
        "unit": project.unit.label if project.unit else "—",
        "money": fmt.wan(project.total_investment),
        "missing": len(gates.missing(facts, to)) if to else 0,
        "stages": reverse("projects:stages", args=[project.code]),
    }
