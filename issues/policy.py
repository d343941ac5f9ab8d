"""Who may do what with an issue, and which issues and fields one may see (PRODUCT.md §1, §3).

``PARTIES`` says for each action which parties may do it; ``party`` says who belongs to a party of one issue. Nothing
else decides: pages, API, search, counts, exports, notices and papers all ask here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import policy as engine
from accounts.actors import Actor
from accounts.conflicts import conflicted, units
from accounts.landing import OUTSIDERS
from accounts.models import Post
from accounts.roles import OPERATIONAL_ROLES, UNIT_ROLES, Role
from common import clock
from issues import desks, interest
from issues.states import FINAL, FROM, WORKING, Action, Confidentiality, IssueKind, RequestKind, State

if TYPE_CHECKING:
    from documents.models import Attachment
    from issues.models import Issue, Request

A = Action
PARTIES: dict[str, tuple[str, ...]] = {
    A.RETURN: ("desk",),
    A.SUPPLEMENT: ("submitter",),
    A.DECLINE: ("desk",),
    A.MERGE: ("desk",),
    A.ASSIGN: ("desk",),
    A.REFUSE: ("lead", "co"),
    A.SIGN: ("lead", "system"),
    A.REASSIGN: ("desk",),
    A.FEED_BACK: ("lead", "co", "specialist"),
    A.EXTEND: ("lead",),
    A.SUSPEND: ("lead",),
    A.CLOSE_OVER: ("desk",),
    A.GRANT: ("ruler",),
    A.DENY: ("ruler",),
    A.RESUME: ("desk", "lead", "system"),
    A.RELEASE: ("desk",),
    A.ESCALATE: ("lead", "office", "system"),
    A.DECIDE: ("decider",),
    A.PROPOSE: ("lead",),
    A.SEND_BACK: ("judge",),
    A.VERIFY: ("judge",),
    A.RATE: ("submitter",),
    A.UPHOLD: ("desk",),
    A.LAPSE: ("system",),
    A.REOPEN: ("submitter", "supervisor"),
    A.WITHDRAW: ("submitter",),
}
# Who may type an issue in for an enterprise.
FILING_ROLES = frozenset(
    {
        Role.SPECIALIST,
        Role.UNIT_OFFICER,
        Role.UNIT_HEAD,
        Role.SERVICE_OFFICE,
        Role.LEADER,
        Role.COORDINATOR,
        Role.SUPERVISOR,
        Role.CHIEF,
    }
)


@dataclass(frozen=True)
class Right:
    """As what one acts: the party, and the post that gives it (none for a submitter by code and for the system)."""

    party: str
    post: Post | None = None


def right(actor: Actor, action: str, issue: Issue) -> Right | None:
    """The first party of the actor that may do ``action`` on ``issue``; the state is not looked at."""
    for name in PARTIES[action]:
        if (found := party(actor, name, issue)) and not interest.objection(actor, action, found.party, issue):
            return found
    return None


def refusal(actor: Actor, action: str, issue: Issue) -> str:
    """Why not, in words, where there is no right."""
    found = (party(actor, name, issue) for name in PARTIES[action])
    told = (interest.objection(actor, action, one.party, issue) for one in found if one)
    return next(filter(None, told), "") or _("Your post may not do this here.")


def can(actor: Actor, action: str, obj: Any) -> bool:
    """Right and state together: what the ``allowed_actions`` of an issue are made of."""
    if isinstance(obj, type):
        return action == A.SUBMIT and may_submit(actor)
    return obj.state in FROM[action] and fits_now(actor, action, obj) and right(actor, action, obj) is not None


def allowed_actions(actor: Actor, issue: Issue) -> list[str]:
    """The actions that would not be refused for right or state, in the order of the loop."""
    return [str(action) for action in FROM if action != A.LAPSE and can(actor, action, issue)]


def fits_now(actor: Actor, action: str, issue: Issue) -> bool:
    """Conditions of state beyond the state word, so that nothing is offered that the verb would refuse."""
    from issues import windows

    if action in (A.GRANT, A.DENY):
        return open_request(issue) is not None
    if action in (A.EXTEND, A.SUSPEND, A.CLOSE_OVER) and open_request(issue) is not None:
        return False
    if action == A.REFUSE and issue.state != State.ASSIGNED and party(actor, "co", issue) is None:
        return False
    if action == A.REFUSE and issue.state == State.ASSIGNED and issue.assignment_final:
        return party(actor, "co", issue) is not None
    if action == A.ESCALATE:
        return issue.layer < 3
    if action == A.RELEASE:
        return any(part.kind == "co" for part in open_parts(issue))
    if action == A.PROPOSE:
        return not any(part.kind == "co" for part in open_parts(issue)) and not has_open_decision(issue)
    if action == A.RATE:
        return windows.rating_open(issue, clock.now())
    if action == A.REOPEN:
        by_submitter = party(actor, "submitter", issue) is not None
        barred = by_submitter and (issue.closed_over or issue.reopened_by_submitter)
        return not barred and windows.reopening_open(issue, clock.now(), by_submitter=by_submitter)
    return True


def may_submit(actor: Actor) -> bool:
    return not actor.is_authenticated or actor.has(Role.ENTERPRISE, Role.OBSERVER, *FILING_ROLES)


# --- parties ---------------------------------------------------------------------------------------------------------


def party(actor: Actor, name: str, issue: Issue) -> Right | None:
    if actor.system:
        return Right("system") if name == "system" else None
    finder = _FINDERS.get(name)
    return finder(actor, issue) if finder else None


def desk_role(issue: Issue) -> str:
    """Whose desk it is: complaints about conduct go to the supervisor and never pass the coordinator."""
    return desks.role_of(issue)


def _desk(actor: Actor, issue: Issue) -> Right | None:
    post = actor.in_role(desk_role(issue))
    return Right("desk", post) if post else None


def _judge(actor: Actor, issue: Issue) -> Right | None:
    """Nobody verifies, grants or rules for a unit in which they hold a post: then the supervisor does."""
    if conflicted(actor, issue.lead_unit_id):
        return None
    if found := _desk(actor, issue):
        return Right("judge", found.post)
    post = actor.in_role(Role.SUPERVISOR)
    return Right("judge", post) if post and desks.in_conflict(issue) else None


def _unit_post(actor: Actor, unit_id: int | None) -> Post | None:
    if unit_id is None or unit_id not in engine.subtree_of(actor):
        return None
    return actor.in_role(*UNIT_ROLES)


def _lead(actor: Actor, issue: Issue) -> Right | None:
    post = _unit_post(actor, issue.lead_unit_id)
    return Right("lead", post) if post else None


def _co(actor: Actor, issue: Issue) -> Right | None:
    for part in open_parts(issue):
        if part.kind == "co" and (post := _unit_post(actor, part.unit_id)):
            return Right("co", post)
    return None


def _specialist(actor: Actor, issue: Issue) -> Right | None:
    for post in actor.posts:
        if post.role == Role.SPECIALIST and (
            post.pk == issue.specialist_id or (issue.enterprise and issue.enterprise.specialist_id == post.pk)
        ):
            return Right("specialist", post)
    return None


def _leader(actor: Actor, issue: Issue) -> Right | None:
    for post in actor.posts:
        if post.role == Role.LEADER and post.pk == issue.leader_id:
            return Right("leader", post)
    return None


def _office(actor: Actor, issue: Issue) -> Right | None:
    for post in actor.posts:
        if post.role == Role.SERVICE_OFFICE and issue.leader_id and post.unit_id == issue.office_id:
            return Right("office", post)
    return None


def _decider(actor: Actor, issue: Issue) -> Right | None:
    """Layer 2: the leader, or the service office in the leader's name. Layer 3: a chief, or the major-projects office
    in the chief's name. Where no leader was found the chiefs decide."""
    if issue.layer == 2 and issue.leader_id:
        return _leader(actor, issue) or _office(actor, issue)
    if post := actor.in_role(Role.CHIEF):
        return Right("chief", post)
    found = _desk(actor, issue)
    return Right("desk", found.post) if found and not conflicted(actor, issue.lead_unit_id) else None


def _submitter(actor: Actor, issue: Issue) -> Right | None:
    if actor.submitter_of == issue.pk:
        return Right("submitter")
    for post in actor.posts:
        if post.role == Role.ENTERPRISE and issue.enterprise_id and post.enterprise_id == issue.enterprise_id:
            return Right("submitter", post)
        if not issue.on_behalf and post.pk == issue.filed_by_id:
            return Right("submitter", post)
    return None


def _supervisor(actor: Actor, issue: Issue) -> Right | None:
    # Of a complaint about the supervisors themselves the chiefs are the second person too.
    of_complaint = issue.kind == IssueKind.COMPLAINT
    post = actor.in_role(desk_role(issue) if of_complaint else Role.SUPERVISOR)
    return Right("supervisor", post) if post else None


def _ruler(actor: Actor, issue: Issue) -> Right | None:
    """Extension: the desk. Suspension: the desk, over 20 working days then the supervisor as well. Closing over a
    dispute: the supervisor, never the one who proposed it."""
    request = open_request(issue)
    if request is None:
        # nothing to rule on: who may rule at all is told so by a conflict, not refused
        return _judge(actor, issue) or _supervisor(actor, issue)
    if any(post.pk in (request.asked_by_id, request.first_grant_by_id) for post in actor.posts_held):
        return None
    if request.asked_by.user_id == (actor.user.pk if actor.user else None):
        return None
    if request.kind == RequestKind.CLOSE_OVER or (request.needs_supervisor and request.first_grant_by_id):
        found = _supervisor(actor, issue)
        return found if found and not conflicted(actor, issue.lead_unit_id) else None
    return _judge(actor, issue)


_FINDERS = {
    "desk": _desk,
    "judge": _judge,
    "lead": _lead,
    "co": _co,
    "specialist": _specialist,
    "leader": _leader,
    "office": _office,
    "decider": _decider,
    "submitter": _submitter,
    "supervisor": _supervisor,
    "ruler": _ruler,
}


def open_parts(issue: Issue) -> list[Any]:
    """The running assignments, read once per instance."""
    if not hasattr(issue, "_open_parts"):
        issue._open_parts = list(issue.assignments.filter(ended_at__isnull=True).select_related("unit"))  # type: ignore[attr-defined]
    return issue._open_parts  # type: ignore[attr-defined]


def open_request(issue: Issue) -> Request | None:
    if not hasattr(issue, "_open_request"):
        request = issue.requests.filter(state="open").select_related("asked_by").first()
        issue._open_request = request  # type: ignore[attr-defined]
    return issue._open_request  # type: ignore[attr-defined]


def has_open_decision(issue: Issue) -> bool:
    if not hasattr(issue, "_open_decision"):
        issue._open_decision = issue.decisions.filter(done_at__isnull=True).exists()  # type: ignore[attr-defined]
    return issue._open_decision  # type: ignore[attr-defined]


# --- rows ------------------------------------------------------------------------------------------------------------


def scope(actor: Actor) -> Q:
    """The issues that are there for the actor. Complaints are there only for the supervisor, the discipline office,
    the chiefs, the auditor, their submitter, and a unit that the supervisor gave them to; the accused unit never."""
    if actor.system:
        return Q()
    rows = Q(pk=actor.submitter_of) if actor.submitter_of else Q(pk__in=[])
    if actor.has(Role.COORDINATOR):
        rows |= Q(kind=IssueKind.ISSUE)
    if actor.has(Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR):
        rows |= not_accused(actor)
    if actor.has(Role.DISCIPLINE):
        rows |= Q(kind=IssueKind.COMPLAINT) & not_accused(actor)
    if actor.posts:
        rows |= read_as(actor) & not_accused(actor)
    return rows


def not_accused(actor: Actor) -> Q:
    """Whoever holds a post in the unit complained of, in whatever role, never reads the complaint."""
    return ~Q(about_unit_id__in=sorted(units(actor)))


def read_as(actor: Actor) -> Q:
    """What names a principal as which one reads. A specialist meets neither the complaints of an enterprise in their
    care nor what it wants to stay anonymous in: that it is there would say who submitted it."""
    everything = Q(readers__overlap=engine.readers_of(actor))
    if not actor.has(Role.SPECIALIST):
        return everything
    other = replace(actor, posts=tuple(post for post in actor.posts if post.role != Role.SPECIALIST), _cache={})
    named = sorted({*engine.readers_of(other), *(post.pk for post in actor.posts)})
    open_ones = Q(kind=IssueKind.ISSUE) & ~Q(confidentiality=Confidentiality.ANONYMOUS)
    return Q(readers__overlap=named) | everything & open_ones


def decision_scope(actor: Actor) -> Q:
    from issues.models import Issue

    # What was decided among staff is never there for who only submitted it.
    visible = Issue.objects.visible_to(actor if actor.system else inside(actor)).values("pk")
    # Of no issue at all, or of one whose complaint isn't about the unit itself.
    own = Q(unit_id__in=engine.subtree_of(actor)) & ~Q(issue__about_unit_id__in=engine.subtree_of(actor))
    return Q(issue__in=visible) | own


# --- fields ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fields:
    """What of a visible issue the actor may read."""

    text: bool  # title is always readable; text, files and what was written about them
    who: bool  # enterprise, project, contact, who filed it
    contact: bool
    staff: bool  # internal remarks, requests, clocks; else only what is public
    rating: bool  # the words of a rating


def fields(actor: Actor, issue: Issue) -> Fields:
    if actor.system:
        return Fields(True, True, True, True, True)
    submitter = _submitter(actor, issue) is not None
    wide = actor.has(*OPERATIONAL_ROLES) or (actor.has(Role.DISCIPLINE) and issue.kind == IssueKind.COMPLAINT)
    if wide:
        return Fields(True, True, True, True, True)
    if submitter and not works_on(actor, issue):
        return Fields(True, True, True, False, True)
    lead = _lead(actor, issue) is not None
    led = _leader(actor, issue) is not None or _office(actor, issue) is not None
    filed = issue.filed_by_id is not None and any(post.pk == issue.filed_by_id for post in actor.posts)
    commercial = issue.confidentiality == Confidentiality.COMMERCIAL
    anonymous = issue.confidentiality == Confidentiality.ANONYMOUS
    text = not commercial or lead or led or filed
    who = not anonymous or led or filed
    return Fields(text=text, who=who, contact=who and text, staff=True, rating=False)


def works_on(actor: Actor, issue: Issue) -> bool:
    """It is there for a post inside the district as well: who only submitted it reads no words among staff, whatever
    other posts the person holds."""
    within = inside(actor)
    return bool(within.posts) and not set(issue.readers).isdisjoint(engine.readers_of(within))


def inside(actor: Actor) -> Actor:
    """The same person in the posts inside the district alone."""
    if "inside" not in actor._cache:
        posts = tuple(post for post in actor.posts if post.role not in OUTSIDERS)
        actor._cache["inside"] = replace(actor, posts=posts, submitter_of=None, _cache={})
    return actor._cache["inside"]  # type: ignore[return-value]


def may_read_attachment(actor: Actor, issue_id: int, attachment: Attachment) -> bool:
    """Files follow the text: who may not read it gets none; a submitter gets the own ones and those marked for it."""
    from issues.models import Issue

    issue = Issue.objects.visible_to(actor).filter(pk=issue_id).first()
    if issue is None:
        return False
    may = fields(actor, issue)
    own = attachment.by == "submitter" or attachment.public
    return may.text and (may.staff or own)


def knows_enterprise(actor: Actor) -> Q:
    """The issues of which the actor may know the enterprise; all others must not be found by it."""
    if actor.system or actor.has(*OPERATIONAL_ROLES):
        return Q()
    mine = [post.pk for post in actor.posts]
    offices = [post.unit_id for post in actor.posts if post.role == Role.SERVICE_OFFICE]
    own = Q(filed_by__in=mine) | Q(enterprise__in=actor.enterprise_ids)
    led = Q(leader__in=mine) | Q(leader__isnull=False, office__in=offices)
    return ~Q(confidentiality=Confidentiality.ANONYMOUS) | led | own


def enterprises_met(actor: Actor) -> Q:
    """On Enterprise: those of the issues that the actor works on and of which the enterprise may be known."""
    from issues.models import Issue

    within = inside(actor)
    met = Issue.objects.visible_to(within).filter(knows_enterprise(actor), enterprise__isnull=False)
    met = met.filter(interest.met_at_work(within))
    return Q(pk__in=met.values("enterprise"))


def own_files() -> Q:
    """What a submitter may read of the files: the own ones and those marked for it."""
    return Q(by="submitter") | Q(public=True)


# Who may add a file to a case at work.
ATTACHING = ("submitter", "lead", "co", "specialist", "desk", "leader", "office", "supervisor")


def attaching(actor: Actor, issue: Issue) -> Right | None:
    return next((found for name in ATTACHING if (found := party(actor, name, issue))), None)


def may_attach(actor: Actor, issue: Issue) -> Right | None:
    return None if issue.state in FINAL else attaching(actor, issue)


def answer(actor: Actor, action: str, obj: Any) -> bool:
    return can(actor, action, obj)


__all__ = ["FROM", "PARTIES", "WORKING", "Fields", "Right", "allowed_actions", "can", "fields", "right", "scope"]
