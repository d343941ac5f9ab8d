"""Who may do what with a month, and which of its rows one may see (PRODUCT.md §1, §6).

Published months are there for all staff. Drafts and rehearsals: the operational side sees all of them, a unit its own
row. Nobody rules on a contest, publishes or takes a card off for a unit in which they hold a post: then the supervisor
does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import landing
from accounts import policy as engine
from accounts.actors import Actor
from accounts.conflicts import conflicted, units
from accounts.models import Post
from accounts.roles import OPERATIONAL_ROLES, UNIT_ROLES, Role
from assessments.models import Card, Contest, FrozenCase, Result, Run
from assessments.querysets import PUBLIC_STATES
from issues.states import IssueKind

if TYPE_CHECKING:
    from issues.models import Issue

NOTHING = Q(pk__in=[])


# Rows ----------------------------------------------------------------------------------------------------------------


def sees_all(actor: Actor) -> bool:
    return actor.system or actor.has(*OPERATIONAL_ROLES)


def own_units(actor: Actor) -> frozenset[int]:
    """The units whose results are one's own: those of a unit post, and below."""
    return engine.subtree_of(actor)


def run_scope(actor: Actor) -> Q:
    if sees_all(actor):
        return Q()
    if not landing.is_staff(actor):
        return NOTHING
    own = Result.objects.filter(run=OuterRef("pk"), unit_id__in=own_units(actor))
    return Q(state__in=PUBLIC_STATES) | Q(Exists(own)) if own_units(actor) else Q(state__in=PUBLIC_STATES)


def result_scope(actor: Actor) -> Q:
    if sees_all(actor):
        return Q()
    if not landing.is_staff(actor):
        return NOTHING
    return Q(run__state__in=PUBLIC_STATES) | Q(unit_id__in=own_units(actor))


def unseen_complaints(actor: Actor) -> QuerySet[Issue]:
    """A coordinator learns of no complaint, not even its number; nor does anybody of the unit complained of."""
    from issues.models import Issue

    complaints = Issue.objects.filter(kind=IssueKind.COMPLAINT)
    return complaints.exclude(pk__in=Issue.objects.visible_to(actor).values("pk"))


def case_scope(actor: Actor) -> Q:
    """All cases of one's own unit; of another's published figure those that one may open."""
    from issues.models import Issue

    if actor.system:
        return Q()
    if sees_all(actor):
        return ~Q(issue_id__in=unseen_complaints(actor).values("pk"))
    if not landing.is_staff(actor):
        return NOTHING
    readable = Issue.objects.visible_to(actor).order_by().values("pk")
    return Q(unit_id__in=own_units(actor)) | Q(run__state__in=PUBLIC_STATES, issue_id__in=readable)


# Acts ----------------------------------------------------------------------------------------------------------------


def signer(actor: Actor, run: Run) -> Post | None:
    """The post of the second signature: a supervisor's, or a coordinator's who holds no post in a ranked unit."""
    if post := actor.in_role(Role.SUPERVISOR):
        return post
    post = actor.in_role(Role.COORDINATOR)
    if post is None or run.results.filter(unit_id__in=units(actor), rank__isnull=False).exists():
        return None
    return post


def judge(actor: Actor, unit_id: int) -> Post | None:
    """The post that rules for a unit: a coordinator's or a supervisor's, never of somebody who holds a post there."""
    if conflicted(actor, unit_id):
        return None
    return actor.in_role(Role.COORDINATOR, Role.SUPERVISOR)


def contester(actor: Actor, unit_id: int) -> Post | None:
    return actor.in_role(*UNIT_ROLES) if unit_id in own_units(actor) else None


def answer_run(actor: Actor, action: str, obj: Any) -> bool:
    if isinstance(obj, type):
        if action == "assess":
            return actor.system or actor.has(Role.COORDINATOR)
        return action == "correct" and actor.has(Role.COORDINATOR)
    if action == "propose_publication":
        return actor.has(Role.COORDINATOR)
    if action == "retract":
        return actor.has(Role.COORDINATOR, Role.SUPERVISOR)
    if action == "publish":
        return signer(actor, obj) is not None and not _signed_by(actor, obj)
    return False


def _signed_by(actor: Actor, run: Run) -> bool:
    """The first signature is this person's, in whatever post."""
    return actor.user is not None and run.proposed_by is not None and run.proposed_by.user_id == actor.user.pk


def answer_result(actor: Actor, action: str, obj: Any) -> bool:
    return action == "contest" and contester(actor, obj.unit_id) is not None


def answer_contest(actor: Actor, action: str, obj: Any) -> bool:
    if action == "view":
        return sees_all(actor) or obj.unit_id in own_units(actor)
    return action == "rule_contest" and judge(actor, obj.unit_id) is not None


def answer_card(actor: Actor, action: str, obj: Any) -> bool:
    return action == "repair_card" and judge(actor, obj.unit_id) is not None


def answer_case(actor: Actor, action: str, obj: Any) -> bool:
    return False


def register() -> None:
    engine.register(Run, answer_run)
    engine.register(Result, answer_result)
    engine.register(Contest, answer_contest)
    engine.register(Card, answer_card)
    engine.register(FrozenCase, answer_case)
