"""Who hears of a step, in which words. Staff get a notice with number, kind, due and link; the submitter a letter.

The handling unit never hears of ratings' links, and nobody hears of a step through a post that may not see the issue.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts import messages as acts
from accounts.models import Post
from accounts.roles import UNIT_ROLES, Role
from common import clock
from issues import desks
from issues.states import Action, Cause, IssueKind, Outcome
from notices import messages as words
from notices.models import Kind
from notices.services import notify, tell_submitter

if TYPE_CHECKING:
    from issues.models import Event, Issue
    from issues.policy import Right

A = Action
# action → (kind of notice, parties told). "lead" and "co" are the units' officers and heads, "unit" the one unit that
# the step names, "line" the leader and the service office, "desk" the coordinators (complaints: the supervisors).
STAFF: dict[str, tuple[str, tuple[str, ...]]] = {
    A.SUBMIT: (Kind.TODO, ("desk",)),
    A.SUPPLEMENT: (Kind.TODO, ("desk",)),
    A.ASSIGN: (Kind.TODO, ("lead", "co")),
    A.REFUSE: (Kind.TODO, ("desk",)),
    A.REASSIGN: (Kind.TODO, ("lead",)),
    A.RELEASE: (Kind.CHANGE, ("unit",)),
    A.FEED_BACK: (Kind.CHANGE, ("lead",)),
    A.EXTEND: (Kind.TODO, ("desk",)),
    A.SUSPEND: (Kind.TODO, ("desk",)),
    A.CLOSE_OVER: (Kind.TODO, ("supervisor",)),
    A.GRANT: (Kind.CHANGE, ("lead",)),
    A.DENY: (Kind.CHANGE, ("lead",)),
    A.RESUME: (Kind.CHANGE, ("lead",)),
    A.ESCALATE: (Kind.ESCALATION, ("layer", "lead")),
    A.DECIDE: (Kind.TODO, ("unit", "lead")),
    A.PROPOSE: (Kind.TODO, ("desk",)),
    A.SEND_BACK: (Kind.TODO, ("lead",)),
    A.UPHOLD: (Kind.ESCALATION, ("layer", "lead")),
    A.REOPEN: (Kind.TODO, ("lead",)),
    A.WITHDRAW: (Kind.CHANGE, ("lead",)),
    "decision_feedback": (Kind.CHANGE, ("line", "lead")),
}
LETTERS = {
    A.SUBMIT: "submit",
    A.RETURN: "return",
    A.DECLINE: "decline",
    A.MERGE: "merge",
    A.ASSIGN: "assign",
    A.VERIFY: "verify",
    A.UPHOLD: "uphold",
    A.REOPEN: "reopen",
    A.WITHDRAW: "withdraw",
    "promise_due": "promise",
}


def path_of(issue: Issue) -> str:
    return f"/app/issues/{issue.number}/"


def tell(issue: Issue, event: Event, right: Right, *, due_at: datetime | None = None, **named: Any) -> None:
    """Tell of one step, in its transaction. Whoever did it is not told."""
    if event.kind in STAFF:
        kind, parties = STAFF[event.kind]
        posts = {pk for name in parties for pk in _posts(issue, name, named)}
        if event.kind == A.FEED_BACK and right.party == "lead":
            posts = set()
        if event.kind in (A.RATE,):
            posts = set()
        # Neither who did it nor anybody of the unit complained of.
        others = desks.barred(issue) | ({event.user_id} if event.user_id else set())
        mine = set(Post.objects.filter(user__in=others).values_list("pk", flat=True)) if others else set()
        notify(
            key=f"event:{issue.pk}:{event.seq}",
            posts=sorted(posts - mine),
            kind=kind,
            word=str(event.kind),
            ref=issue.number,
            path=path_of(issue),
            due_at=due_at or issue.due_at,
            urgent=issue.urgency == "urgent" and kind in (Kind.TODO, Kind.ESCALATION),
            at=event.at,
        )
    _write_letter(issue, event, due_at)
    if event.kind == A.VERIFY and issue.cause == Cause.UNWILLING:
        _tell_of_unwilling(issue, event)


def _posts(issue: Issue, party: str, named: dict[str, Any]) -> Iterable[int]:
    current = Post.objects.current()
    units: list[int | None] = []
    if party == "desk" or (party == "supervisor" and issue.kind == IssueKind.COMPLAINT):
        return desks.posts(issue)
    if party == "supervisor":
        return current.filter(role=Role.SUPERVISOR).values_list("pk", flat=True)
    if party in ("line", "layer"):
        return _line(issue, party)
    if party == "lead":
        units = [issue.lead_unit_id]
    elif party == "co":
        units = list(issue.assignments.filter(kind="co", ended_at__isnull=True).values_list("unit_id", flat=True))
    elif party == "unit":
        units = [named.get("unit_id"), *named.get("co_unit_ids", [])]
    return current.filter(unit_id__in=[pk for pk in units if pk], role__in=UNIT_ROLES).values_list("pk", flat=True)


def _line(issue: Issue, party: str) -> list[int]:
    """The leader and the service office of the line; at the third layer the chiefs and the major-projects office."""
    current = Post.objects.current()
    told = list(current.filter(pk=issue.leader_id).values_list("pk", flat=True)) if issue.leader_id else []
    if issue.office_id:
        told += current.filter(role=Role.SERVICE_OFFICE, unit_id=issue.office_id).values_list("pk", flat=True)
    if party == "layer" and (issue.layer == 3 or not issue.leader_id):
        told += [*current.filter(role=Role.CHIEF).values_list("pk", flat=True), *desks.posts(issue)]
    return told


def _tell_of_unwilling(issue: Issue, event: Event) -> None:
    """不给办 has its own reader: the supervisor."""
    notify(
        key=f"event:{issue.pk}:{event.seq}:unwilling",
        posts=list(_posts(issue, "supervisor", {})),
        kind=Kind.TODO,
        word="unwilling",
        ref=issue.number,
        path=path_of(issue),
        at=event.at,
    )


# --- the submitter ---------------------------------------------------------------------------------------------------


def _write_letter(issue: Issue, event: Event, due_at: datetime | None) -> None:
    letter = LETTERS.get(event.kind)
    if event.kind == A.LAPSE:
        letter = "verify" if issue.state == "rating" else "close"
    elif event.kind == A.FEED_BACK and event.public:
        letter = "feed_back"
    elif event.kind == A.GRANT and issue.closed_over:
        letter = "close_over"
    if letter:
        write(issue, letter, key=f"letter:{issue.pk}:{event.seq}", due_at=due_at, at=event.at)


def invite(issue: Issue, *, key: str) -> None:
    """Ask for a rating of a number that joined another one."""
    write(issue, "promise" if issue.outcome == Outcome.PROMISED else "verify", key=key, due_at=None, at=clock.now())


def remind_submitter(issue: Issue, kind: str, due_at: datetime, *, key: str) -> None:
    write(issue, "remind_rate" if kind == "rating" else "remind_supplement", key=key, due_at=due_at, at=clock.now())


def write(issue: Issue, letter: str, *, key: str, due_at: datetime | None, at: datetime) -> None:
    """One letter to the contact's address, if one was given."""
    context: dict[str, object] = {"number": issue.number, "link": f"{settings.PUBLIC_URL}/track/?number={issue.number}"}
    if letter in ("verify", "remind_rate", "promise"):
        context["link"] = words.Secret("rating_link", (issue.number, issue.round))
    if letter == "submit":
        context["code"] = words.Secret("tracking_code", (issue.number,))
    if letter in ("return", "verify", "remind_rate", "remind_supplement"):
        context["due_at"] = due_at
    tell_submitter(key=key, address=issue.body.contact_email, template=letter, context=context, at=at)


# --- the words -------------------------------------------------------------------------------------------------------

SENTENCES = {
    A.SUBMIT: _("%(ref)s was submitted: please assign it by %(due)s"),
    A.SUPPLEMENT: _("%(ref)s was supplemented: please assign it by %(due)s"),
    A.ASSIGN: _("%(ref)s was assigned to your unit: please sign for it by %(due)s"),
    A.REFUSE: _("%(ref)s was refused: please decide today"),
    A.REASSIGN: _("%(ref)s was reassigned to your unit: please sign for it by %(due)s"),
    A.RELEASE: _("%(ref)s: your unit's part was ended"),
    A.FEED_BACK: _("%(ref)s: there is feedback"),
    A.EXTEND: _("%(ref)s: an extension waits for your ruling"),
    A.SUSPEND: _("%(ref)s: a suspension waits for your ruling"),
    A.CLOSE_OVER: _("%(ref)s: closing over a dispute waits for your approval"),
    A.GRANT: _("%(ref)s: the request was granted"),
    A.DENY: _("%(ref)s: the request was denied"),
    A.RESUME: _("%(ref)s is being handled again"),
    A.ESCALATE: _("%(ref)s was raised one layer: please coordinate by %(due)s"),
    A.DECIDE: _("%(ref)s: a decision was made that your unit carries out"),
    A.PROPOSE: _("%(ref)s was proposed for closing: please verify it by %(due)s"),
    A.SEND_BACK: _("%(ref)s was sent back: please go on, due %(due)s"),
    A.UPHOLD: _("%(ref)s: the enterprise is not satisfied; handling goes on one layer up"),
    A.REOPEN: _("%(ref)s was reopened: please go on, due %(due)s"),
    A.WITHDRAW: _("%(ref)s was withdrawn by the submitter"),
    "decision_feedback": _("%(ref)s: there is feedback on a decision"),
    "unwilling": _("%(ref)s: the cause was classed as unwillingness"),
    "hand_over": _("Open cases that were handed over to you: %(ref)s"),
    "remind": _("%(ref)s: the coordinator reminds you, due %(due)s"),
}


def register() -> None:
    from issues.services import codes

    words.register_secret("tracking_code", codes.tracking_code_of)
    words.register_secret("rating_link", codes.rating_link_of)
    acts.register({"read_commercial": _("Read a commercial secret")}, {"issue": _("Issue")})
    for word, text in SENTENCES.items():
        words.register(str(word), text)
