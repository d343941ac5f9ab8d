"""催办: a reminder by hand to whoever must act now. It changes nothing of the issue: no state, no version, no clock."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Post
from accounts.roles import UNIT_ROLES, Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied
from issues import desks, messages, policy
from issues.models import Assignment, Issue
from issues.services.step import facts, wrong_state
from issues.states import FINAL, State
from notices.models import Kind
from notices.services import notify

PARTIES = ("desk", "supervisor")
# The submitter is reminded by the ladder's letters, never by hand: pressing for a rating is an abuse.
NOBODY = FINAL | {State.RETURNED, State.RATING}


def may_remind(actor: Actor, issue: Issue) -> bool:
    return issue.state not in NOBODY and any(policy.party(actor, name, issue) for name in PARTIES)


@transaction.atomic
def remind(*, issue_id: int, actor: Actor) -> int:
    """Tell the holders once more, at most once per issue and day. Returns how many were told."""
    rows = Issue.objects.visible_to(actor).select_for_update(of=("self",), no_key=True)
    issue = rows.filter(pk=issue_id).first()
    if issue is None:
        raise NotVisible
    right = next((found for name in PARTIES if (found := policy.party(actor, name, issue))), None)
    if right is None:
        raise PermissionDenied(_("Your post may not do this here."))
    if issue.state in NOBODY:
        raise wrong_state(issue, _("Nobody in the district has to act on it now."))
    now = clock.now()
    posts = list(holders(issue))
    if not posts:
        raise Conflict(_("Nobody holds a post that could be reminded."), code="nobody", **facts(issue))
    told = notify(
        key=f"remind:{issue.pk}:{clock.local(now).date():%Y%m%d}",
        posts=posts,
        kind=Kind.REMINDER,
        word="remind",
        ref=issue.number,
        path=messages.path_of(issue),
        due_at=issue.due_at,
        at=now,
    )
    if not told:
        raise Conflict(_("It has been reminded today already."), code="reminded", **facts(issue))
    audit.record(actor, "remind", "issue", issue.number, post=right.post, told=told)
    return told


def holders(issue: Issue) -> list[int]:
    """The posts that must act: the units at work on it, the leader's side while it coordinates, else the desk."""
    current = Post.objects.current()
    if issue.state in (State.SUBMITTED, State.PROPOSED, State.DISPUTED):
        return desks.posts(issue)
    if issue.state == State.COORDINATING:
        side = Q(pk=issue.leader_id) | Q(role=Role.SERVICE_OFFICE, unit_id=issue.office_id)
        if issue.layer == 3 or not issue.leader_id:
            side |= Q(role=Role.CHIEF)
        return list(current.filter(side).exclude(user__in=desks.barred(issue)).values_list("pk", flat=True))
    units = {issue.lead_unit_id}
    silent = issue.assignments.filter(kind=Assignment.Kind.CO, ended_at__isnull=True, answered_at__isnull=True)
    units.update(silent.values_list("unit_id", flat=True))
    units.update(issue.decisions.filter(done_at__isnull=True).values_list("unit_id", flat=True))
    return list(current.filter(role__in=UNIT_ROLES, unit_id__in=units - {None}).values_list("pk", flat=True))
