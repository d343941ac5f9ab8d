"""To-dos: computed from running clocks, states and open requests, never stored (PRODUCT.md §9).

Each arm is a set of running clocks by which somebody of the actor's party must act now; together they are one UNION, so
the inbox costs the same few queries however much there is. The row says what to do in one sentence and one verb.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from accounts import conflicts
from accounts import policy as engine
from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import Role
from common import clock
from deadlines.models import Clock
from deadlines.states import ClockKind, Side
from issues import desks, policy
from issues.models import Issue, Request
from issues.states import WORKING, IssueKind, RequestKind, State

COLUMNS = ("pk", "kind", "part", "subject_id", "yellow_at", "due_at", "red_at")
# Beyond so many the inbox says "and more": nobody works down a longer list in a day.
MOST = 500
K, S = ClockKind, State
DESKS = (Role.COORDINATOR, Role.SUPERVISOR, Role.CHIEF)
AT_UNIT = frozenset({S.ASSIGNED, *WORKING})


def running() -> QuerySet[Clock]:
    return Clock.objects.running().filter(subject_kind="issue", side=Side.GOVERNMENT)


def on(issues: QuerySet[Issue], *kinds: str, **more: Any) -> QuerySet[Clock]:
    return running().filter(kind__in=kinds, subject_id__in=issues.values("pk"), **more)


def arms(actor: Actor, now: datetime) -> list[QuerySet[Clock]]:
    """One set per party of the actor. Rows that two parties share come once: the union drops doubles."""
    found: list[QuerySet[Clock]] = []
    if actor.has(*DESKS):
        found += desk_arms(actor)
        found += ruling_arms(actor)
    if units := engine.subtree_of(actor):
        found += unit_arms(actor, units, now)
    if actor.has(Role.LEADER, Role.SERVICE_OFFICE, Role.CHIEF, Role.COORDINATOR):
        found += decider_arms(actor)
    return found


def rows(actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """The clocks to act on, earliest due first."""
    sets = arms(actor, now)
    if not sets:
        return []
    one, *others = [arm.values(*COLUMNS).order_by() for arm in sets]
    found = list(one.union(*others).order_by("due_at", "pk")[:MOST])
    actor._cache["todos"] = len(found)  # the navigation of the same page need not count them again
    return found


def count(actor: Actor) -> int:
    """How many, for the navigation: one query, counted no further than the inbox shows."""
    if isinstance(known := actor._cache.get("todos"), int):
        return known
    sets = arms(actor, clock.now())
    if not sets:
        return 0
    one, *others = [arm.values("pk").order_by() for arm in sets]
    return one.union(*others)[:MOST].count() if others else one[:MOST].count()


# --- who must act ----------------------------------------------------------------------------------------------------


def kinds_of_desk(actor: Actor) -> Q:
    """Whose desk: the coordinator's for issues, the supervisor's for complaints, the chiefs' for complaints about all
    supervisors; never for the own unit."""
    mine = Q(pk__in=[])
    if actor.has(Role.COORDINATOR):
        mine |= Q(kind=IssueKind.ISSUE)
    if actor.has(Role.SUPERVISOR):
        mine |= Q(kind=IssueKind.COMPLAINT)
    if actor.has(Role.CHIEF):
        mine |= left_to_chiefs(actor)
    return mine


def left_to_chiefs(actor: Actor) -> Q:
    """Asked for several times a page: looked up once for each actor."""
    if "left_to_chiefs" not in actor._cache:
        actor._cache["left_to_chiefs"] = desks.left_to_chiefs()
    return actor._cache["left_to_chiefs"]  # type: ignore[return-value]  # kept there two lines above


def anything_new(actor: Actor) -> bool:
    """Whether a complaint waits for the chiefs; looked up once for each actor."""
    if "anything_new" not in actor._cache:
        waiting = Issue.objects.visible_to(actor).filter(left_to_chiefs(actor), state=S.SUBMITTED)
        actor._cache["anything_new"] = waiting.exists()
    return bool(actor._cache["anything_new"])


def desk_arms(actor: Actor) -> list[QuerySet[Clock]]:
    visible = Issue.objects.visible_to(actor)
    desk = visible.filter(kinds_of_desk(actor))
    return [
        on(desk.filter(state=S.SUBMITTED), K.ACCEPTANCE),
        on(visible.filter(judged_by(actor), state=S.PROPOSED), K.VERIFICATION),
        on(desk.filter(state=S.DISPUTED).exclude(requests__state="open"), K.DISPUTE),
    ]


def judged_by(actor: Actor) -> Q:
    """Nobody judges the own unit: then the supervisor does."""
    mine = kinds_of_desk(actor) & ~Q(lead_unit__in=conflicts.units(actor))
    if actor.has(Role.SUPERVISOR):
        desks = Post.objects.current().filter(role=Role.COORDINATOR).values("unit")
        mine |= Q(kind=IssueKind.ISSUE, lead_unit__in=desks) & ~Q(lead_unit__in=conflicts.units(actor))
    return mine


def ruling_arms(actor: Actor) -> list[QuerySet[Clock]]:
    """Requests that the actor may rule on: not the own ones, not the own unit's; the second one is the supervisor's."""
    held = [post.pk for post in actor.posts_held]
    waiting = Request.objects.filter(state="open").exclude(asked_by__user=actor.user).exclude(first_grant_by__in=held)
    second = Q(kind=RequestKind.CLOSE_OVER) | Q(needs_supervisor=True, first_grant_by__isnull=False)
    visible = Issue.objects.visible_to(actor)
    first = visible.filter(judged_by(actor), pk__in=waiting.exclude(second).values("issue"))
    found = [on(first, K.RULING)]
    if actor.has(Role.SUPERVISOR, Role.CHIEF):
        upper = visible.filter(pk__in=waiting.filter(second).values("issue"))
        upper = upper.exclude(lead_unit__in=conflicts.units(actor))
        found.append(on(upper if actor.has(Role.SUPERVISOR) else upper.filter(left_to_chiefs(actor)), K.RULING))
    return found


def unit_arms(actor: Actor, units: frozenset[int], now: datetime) -> list[QuerySet[Clock]]:
    """The unit's own clocks. Until it has signed, only signing; resolution only once it is near: before that the next
    report says what to do."""
    visible = Issue.objects.visible_to(actor)
    mine = running().filter(holder_unit__in=units)
    at_work = visible.filter(state__in=WORKING).values("pk")
    return [
        mine.filter(kind=K.SIGNING, subject_id__in=visible.filter(state=S.ASSIGNED).values("pk")),
        mine.filter(kind__in=[K.FEEDBACK, K.PROGRESS], subject_id__in=at_work),
        mine.filter(kind__in=[K.RESOLUTION, K.DECISION], yellow_at__lte=now, subject_id__in=at_work),
        mine.filter(kind=K.PROMISE, yellow_at__lte=now, subject_id__in=visible.values("pk")),
    ]


def decider_arms(actor: Actor) -> list[QuerySet[Clock]]:
    """Layer 2: the leader and the service office. Layer 3, or no leader found: the chiefs and, for them, the desk."""
    waiting = Issue.objects.visible_to(actor).filter(state=S.COORDINATING)
    mine = Q(pk__in=[])
    posts = [post.pk for post in actor.posts if post.role == Role.LEADER]
    offices = [post.unit_id for post in actor.posts if post.role == Role.SERVICE_OFFICE]
    mine |= Q(layer=2, leader__in=posts) | Q(layer=2, leader__isnull=False, office__in=offices)
    upper = Q(layer=3) | Q(leader__isnull=True)
    if actor.has(Role.CHIEF):
        mine |= upper
    if actor.has(Role.COORDINATOR):
        mine |= upper & Q(kind=IssueKind.ISSUE) & ~Q(lead_unit__in=conflicts.units(actor))
    return [on(waiting.filter(mine), K.COORDINATION)]


# --- what they are about ---------------------------------------------------------------------------------------------


def issues_of(actor: Actor, found: list[dict[str, Any]]) -> dict[int, Issue]:
    """The issues of the rows with what their sentences say, in one query."""
    keys = {row["subject_id"] for row in found}
    wanted = Issue.objects.visible_to(actor).filter(pk__in=keys).select_related("lead_unit", "enterprise", "body")
    return {issue.pk: issue for issue in wanted.defer("readers", "body__text", "body__account")}


def knows(actor: Actor, issue: Issue) -> bool:
    return policy.fields(actor, issue).who
