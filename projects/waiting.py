"""What waits for somebody with the projects: consents, opinions, later dates, figures, items that are late. Computed,
never stored; for the page of the own projects and for the inbox."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import policy as engine
from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import UNIT_ROLES
from common import clock, fmt
from deadlines.states import Light
from projects import grid, messages, policy
from projects.models import Lead, PlanItem, PlanRevision, Project, ProjectManager, TeamMember
from projects.states import BEGUN, OVER


def rows(actor: Actor) -> list[dict[str, str]]:
    """``what`` is asked, of which ``project``, and the ``url`` where it is done."""
    if not actor.has(*policy.MEETING_ENTERPRISES):
        return []
    return [*asked(actor), *_later_dates(actor), *_figures(actor), *_late(actor)]


def own_projects(actor: Actor) -> Any:
    """Those that one manages or serves."""
    readers, today = engine.readers_of(actor), clock.today()
    managed = ProjectManager.objects.reading(today).filter(Q(post__in=readers) | Q(leader__in=readers))
    served = TeamMember.objects.reading(today).filter(post__in=readers)
    own = Q(manager__in=readers) | Q(pk__in=managed.values("project")) | Q(pk__in=served.values("project"))
    return Project.objects.visible_to(actor).filter(own)


def asked(actor: Actor) -> list[dict[str, str]]:
    """Consents to a park, and briefs that wait for a first opinion of this leader."""
    readers = engine.readers_of(actor)
    leads = Lead.objects.visible_to(actor).exclude(project__stage__in=OVER).select_related("project")
    consents = leads.filter(park_asked_of__in=readers, park_answered_at__isnull=True).order_by("park_asked_at")
    found = [waits(one.project, _("Consent to the park is asked for"), "answer_park") for one in consents]
    if post := actor.in_role(*policy.MAY[Project]["give_opinion"]):
        briefs: QuerySet[Lead] = leads.filter(briefed_at__isnull=False, project__stage__in=BEGUN).exclude(
            leader_opinions__post=post
        )
        mine = briefs.filter(Q(park_asked_of__in=readers) | Q(project__in=own_projects(actor))).order_by("briefed_at")
        found += [waits(one.project, _("The brief waits for your opinion"), "give_opinion") for one in mine]
    return found


def _later_dates(actor: Actor) -> list[dict[str, str]]:
    """Later dates of the plan that the actor may consent to."""
    if not actor.has(*policy.MAY[PlanItem]["grant_revision"]):
        return []
    open_ones = PlanRevision.objects.filter(granted__isnull=True).exclude(item__project__stage__in=OVER)
    found = open_ones.select_related("item__project").order_by("asked_at")
    return [
        waits(one.item.project, _("A later date waits for consent: %(item)s") % {"item": one.item.name}, "plan")
        for one in found
        if can(actor, "grant_revision", one.item)
    ]


def _figures(actor: Actor) -> list[dict[str, str]]:
    """The month before, where figures of the own unit's projects are missing."""
    if not actor.has(*UNIT_ROLES):
        return []
    month = grid.month_before(clock.today())
    number = grid.owing(month).filter(unit__in=engine.subtree_of(actor)).count()
    if not number:
        return []
    due = fmt.cn_date(messages.entered_by(month))
    told = {"month": fmt.month(month), "n": number, "due": due}
    what = _("Investment of %(month)s: figures of %(n)d of your projects are missing, due %(due)s") % told
    return [{"what": what, "project": "", "url": f"{reverse('projects:investment')}?month={month:%Y-%m}"}]


def _late(actor: Actor) -> list[dict[str, str]]:
    """Items of the own unit that are past their day, a line for each project: the longest overdue first."""
    if not actor.has(*UNIT_ROLES):
        return []
    units = engine.subtree_of(actor)
    mine = Q(unit__in=units) | Q(unit__isnull=True, project__unit__in=units)
    items = PlanItem.objects.visible_to(actor).open().exclude(project__stage__in=OVER).filter(mine)
    late = items.with_light(clock.today()).filter(light__in=(Light.OVERDUE, Light.RED)).select_related("project")
    by_project: dict[Project, list[Any]] = {}
    for one in late.order_by("due_on", "pk"):
        by_project.setdefault(one.project, []).append(one)
    return [waits(project, _overdue(late_ones), "plan") for project, late_ones in by_project.items()]


def _overdue(items: list[Any]) -> str:
    told = {"day": fmt.md(items[0].due_on), "item": items[0].name, "n": len(items)}
    if len(items) == 1:
        return _("Overdue since %(day)s: %(item)s") % told
    return _("%(n)d items overdue, first since %(day)s: %(item)s") % told


def waits(project: Project, what: str, where: str) -> dict[str, str]:
    return {"project": project.name, "what": what, "url": reverse(f"projects:{where}", args=[project.code])}
