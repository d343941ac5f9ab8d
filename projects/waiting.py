"""What waits for somebody with the projects: consents, opinions, later dates, figures, items that are late. Computed,
never stored; for the page of the own projects and for the inbox."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import policy as engine
from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import UNIT_ROLES
from common import clock, fmt
from deadlines.states import Light
from projects import grid, messages, policy
from projects.leadpage import light_of
from projects.models import Lead, PlanItem, PlanRevision, Project, ProjectManager, TeamMember
from projects.states import BEGUN, OVER


def rows(actor: Actor) -> list[dict[str, Any]]:
    """``what`` is asked, of which ``project``, and the ``url`` where it is done by the ``verb``; with its ``light`` and
    the day that it was or is ``due``."""
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


def group(found: list[dict[str, Any]]) -> dict[str, Any]:
    """As a group of the inbox (components/todos.html)."""
    number = len(found)
    return {
        "id": "projects",
        "title": _("Projects that wait for you"),
        "note": ngettext("%(n)d item", "%(n)d items", number) % {"n": number},
        "late": any(one["late"] for one in found),
        "rows": [{**one, "text": one["what"], "meta": one["project"], "act_url": one["url"]} for one in found],
    }


def asked(actor: Actor) -> list[dict[str, Any]]:
    """Consents to a park, and briefs that wait for a first opinion of this leader."""
    readers = engine.readers_of(actor)
    leads = Lead.objects.visible_to(actor).exclude(project__stage__in=OVER).select_related("project")
    consents = leads.filter(park_asked_of__in=readers, park_answered_at__isnull=True).order_by("park_asked_at")
    found = [
        waits(
            one.project, _("Consent to the park is asked for"), "answer_park", since=one.park_asked_at, verb=_("Answer")
        )
        for one in consents
    ]
    if post := actor.in_role(*policy.MAY[Project]["give_opinion"]):
        briefs: QuerySet[Lead] = leads.filter(briefed_at__isnull=False, project__stage__in=BEGUN).exclude(
            leader_opinions__post=post
        )
        mine = briefs.filter(Q(park_asked_of__in=readers) | Q(project__in=own_projects(actor))).order_by("briefed_at")
        what, verb = _("The brief waits for your opinion"), _("Give an opinion")
        found += [waits(one.project, what, "give_opinion", since=one.briefed_at, verb=verb) for one in mine]
    return found


def _later_dates(actor: Actor) -> list[dict[str, Any]]:
    """Later dates of the plan that the actor may consent to."""
    if not actor.has(*policy.MAY[PlanItem]["grant_revision"]):
        return []
    open_ones = PlanRevision.objects.filter(granted__isnull=True).exclude(item__project__stage__in=OVER)
    found = open_ones.select_related("item__project").order_by("asked_at")
    return [
        waits(
            one.item.project,
            _("A later date waits for consent: %(item)s") % {"item": one.item.name},
            "grant_revision",
            one.item_id,
            since=one.asked_at,
            verb=_("Decide on it"),
        )
        for one in found
        if can(actor, "grant_revision", one.item)
    ]


def _figures(actor: Actor) -> list[dict[str, Any]]:
    """The month before, where figures of the own unit's projects are missing."""
    if not actor.has(*UNIT_ROLES):
        return []
    month = grid.month_before(clock.today())
    number = grid.owing(month).filter(unit__in=engine.subtree_of(actor)).count()
    if not number:
        return []
    day = messages.entered_by(month)
    told = {"month": fmt.month(month), "n": number, "due": fmt.cn_date(day)}
    late = clock.today() > day
    return [
        {
            "what": _("Investment of %(month)s: figures of %(n)d of your projects are missing, due %(due)s") % told,
            "project": "",
            "url": f"{reverse('projects:investment')}?month={month:%Y-%m}",
            "light": fmt.light("yellow" if late else "none", "" if late else _("Waits"), breached=late),
            "due": _due(day),
            "verb": _("Enter"),
            "late": late,
        }
    ]


def _late(actor: Actor) -> list[dict[str, Any]]:
    """Items of the own unit that are past their day or about to be, a line for each project: what was due first stands
    first."""
    if not actor.has(*UNIT_ROLES):
        return []
    units = engine.subtree_of(actor)
    mine = Q(unit__in=units) | Q(unit__isnull=True, project__unit__in=units)
    items = PlanItem.objects.visible_to(actor).open().exclude(project__stage__in=OVER).filter(mine)
    near = items.with_light(clock.today()).filter(light__in=(Light.YELLOW, Light.OVERDUE, Light.RED))
    by_project: dict[Project, list[Any]] = {}
    for one in near.select_related("project").order_by("due_on", "pk"):
        by_project.setdefault(one.project, []).append(one)
    return [_due_first(project, found) for project, found in by_project.items()]


def _due_first(project: Project, items: list[Any]) -> dict[str, Any]:
    first = items[0]
    told = {"item": first.name, "n": len(items) - 1}
    what = _("%(item)s and %(n)d more of the plan") % told if told["n"] else first.name
    late = first.light != Light.YELLOW
    row = waits(project, what, "plan", verb=_("See the plan"), light=light_of(first), due=_due(first.due_on), late=late)
    return {**row, "url": f"{row['url']}#item-{first.pk}"}


def _due(day: date) -> str:
    return _("due %(day)s %(weekday)s") % {"day": fmt.md(day), "weekday": fmt.weekday(day)}


def waits(
    project: Project, what: str, where: str, *args: int, since: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """A row of :func:`rows`; without a limit of its own it says since when it waits."""
    return {
        "project": project.name,
        "what": what,
        "url": reverse(f"projects:{where}", args=[project.code, *args]),
        "light": fmt.light("none", _("Waits")),
        "due": _("since %(day)s") % {"day": fmt.md(since)} if since else "",
        "verb": _("Deal with it"),
        "late": False,
        **more,
    }
