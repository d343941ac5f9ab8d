"""An issue, its clocks, events, files and decisions as the API shows them, each value only where one may see it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from accounts import policy as engine
from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import Post
from common import clock, fmt
from deadlines.ladder import light
from deadlines.models import Clock
from deadlines.states import Light, Side
from issues import desks, interest, policy
from issues.models import Assignment, Decision, Event, Issue, Request
from issues.reading import note_commercial
from issues.services.step import who
from issues.states import RequestState, State

# The words of lights are three; 逾期 is the second word of the yellow one.
LIGHT = {Light.GREEN: "green", Light.YELLOW: "yellow", Light.OVERDUE: "yellow", Light.RED: "red", None: None}
NO_LIGHT = frozenset({State.SUSPENDED, State.RATING})


def load(issues: list[Issue]) -> dict[int, list[Clock]]:
    """What the shapes of a page need, in a few queries whatever its size."""
    ids = [issue.pk for issue in issues]
    parts: dict[int, list[Any]] = defaultdict(list)
    for part in Assignment.objects.filter(issue__in=ids, ended_at__isnull=True).select_related("unit"):
        parts[part.issue_id].append(part)
    open_requests = {
        request.issue_id: request
        for request in Request.objects.filter(issue__in=ids, state=RequestState.OPEN).select_related("asked_by")
    }
    clocks: dict[int, list[Clock]] = defaultdict(list)
    for one in Clock.objects.filter(subject_kind="issue", subject_id__in=ids).order_by("started_at", "id"):
        clocks[one.subject_id].append(one)
    deciding = set(Decision.objects.filter(issue__in=ids, done_at__isnull=True).values_list("issue_id", flat=True))
    desks.preload(issues)
    interest.preload(issues)
    for issue in issues:
        issue._open_decision = issue.pk in deciding  # type: ignore[attr-defined]
        issue._open_parts = parts[issue.pk]  # type: ignore[attr-defined]
        issue._open_request = open_requests.get(issue.pk)  # type: ignore[attr-defined]
    return clocks


def issue_of(issue: Issue, actor: Actor, clocks: list[Clock], now: datetime | None = None) -> dict[str, Any]:
    now = now or clock.now()
    may = policy.fields(actor, issue)
    shape: dict[str, Any] = {
        "number": issue.number,
        "kind": issue.kind,
        "title": issue.title,
        "text": issue.body.text if may.text else None,
        "channel": issue.channel,
        "category": issue.category.name if issue.category else None,
        "urgency": issue.urgency,
        "difficulty": issue.difficulty or None,
        "confidentiality": issue.confidentiality,
        "place": issue.place,
        "state": issue.state,
        "phase": str(issue.phase),
        "light": worst_light(issue, now) if may.staff else None,
        "layer": issue.layer,
        "round": issue.round,
        "unit": issue.lead_unit.code if issue.lead_unit else None,
        "co_units": [part.unit.code for part in policy.open_parts(issue) if part.kind == "co"],
        "specialist": _username(issue.specialist) if may.who else None,
        "leader": _username(issue.leader),
        "enterprise": _enterprise(issue) if may.who else None,
        "project": issue.project.code if issue.project and may.who else None,
        "contact": contact_of(issue, opened=not may.staff) if may.contact else None,
        "merged_into": issue.merged_into.number if issue.merged_into_id and issue.merged_into else None,
        "outcome": issue.outcome or None,
        "solved": issue.solved or None,
        "satisfaction": issue.satisfaction,
        "version": issue.version,
        "clocks": [clock_of(one, now) for one in clocks if may.staff or one.kind in PUBLIC_CLOCKS],
        "allowed_actions": policy.allowed_actions(actor, issue),
    }
    for name in ("submitted_at", "assigned_at", "signed_at", "proposed_at", "closed_at"):
        shape[name] = local(getattr(issue, name))
    return shape


PUBLIC_CLOCKS = frozenset({"acceptance", "resolution", "supplement", "rating"})


def local(instant: datetime | None) -> str | None:
    """ISO 8601 with the offset of Asia/Shanghai."""
    return clock.local(instant).isoformat() if instant else None


def worst_light(issue: Issue, now: datetime) -> str | None:
    if issue.yellow_at is None or issue.red_at is None or issue.state in NO_LIGHT:
        return None
    if now >= issue.red_at:
        return "red"
    return "yellow" if now >= issue.yellow_at else "green"


def clock_of(one: Clock, now: datetime) -> dict[str, Any]:
    running = one.met_at is None and one.stopped_at is None
    breached = one.breached_at or (one.due_at if running and not one.paused_at and now > one.due_at else None)
    return {
        "kind": one.kind,
        "part": one.part,
        "started_at": local(one.started_at),
        "due_at": local(one.due_at),
        "first_due_at": local(one.first_due_at),
        "provisional": one.provisional,
        "paused": one.paused_at is not None,
        "met_at": local(one.met_at),
        "breached_at": local(breached),
        "stopped_at": local(one.stopped_at),
        "stop_reason": one.stop_reason or None,
        "light": LIGHT[light(one, now)] if running and one.side == Side.GOVERNMENT else None,
    }


def _username(post: Post | None) -> str | None:
    return post.user.username if post else None


def _enterprise(issue: Issue) -> str | None:
    """The credit code of the registered enterprise (its name where it has none), else the claim of the form."""
    if issue.enterprise:
        return issue.enterprise.uscc or issue.enterprise.name
    return issue.body.enterprise_claim or None


def contact_of(issue: Issue, *, opened: bool) -> dict[str, str]:
    """To staff masked until they ask for it, which leaves an entry in the audit trail; the own one is open."""
    body = issue.body
    if not opened:
        return {"name": body.contact_name, "phone": fmt.masked(body.contact_phone), "email": ""}
    return {"name": body.contact_name, "phone": body.contact_phone, "email": body.contact_email}


# Words of the free text that an event may carry; they follow the text of the issue.
TEXTS = ("text", "reason", "account", "clause")
# A digest of the words: whoever guesses them reads in it that the guess is right.
DIGEST = "sha256"
# What only staff may read of a public event.
INTERNAL = frozenset({"as", DIGEST, "cause", "in_name_of"})


BY_SUBMITTER = frozenset({"rate", "reopen", "withdraw", "supplement", "submit"})
# Public events whose words are meant for the submitter, and the own ones; the others' words are among staff.
TOLD = BY_SUBMITTER | {"feed_back", "return", "decline", "uphold"}
# What an event says of who submitted it.
WHO = frozenset({"enterprise", "project", "specialist"})


def event_of(event: Event, may: policy.Fields) -> dict[str, Any]:
    data = json.loads(event.body)["data"]
    if not may.text or not (may.staff or event.kind in TOLD):
        data = {name: value for name, value in data.items() if name not in TEXTS}
    if not may.text:
        data.pop(DIGEST, None)
    if event.kind == "rate" and not may.rating:
        data.pop("text", None)
    if not may.staff:
        data = {name: value for name, value in data.items() if name not in INTERNAL}
    if not may.who:
        data = {name: value for name, value in data.items() if name not in WHO}
    return {
        "seq": event.seq,
        "kind": event.kind,
        "at": local(event.at),
        "by": _by(event, may),
        "public": event.public,
        "data": data,
        "hash": event.hash if may.staff else None,
    }


def _by(event: Event, may: policy.Fields) -> str | None:
    """Who may not know the submitter reads none; the submitter hears units, not persons."""
    if event.kind in BY_SUBMITTER and not may.who:
        return None
    if may.staff or event.post is None or event.post.role in OUTSIDERS:
        return who(event)
    return event.post.unit.name if event.post.unit else str(event.post.get_role_display())


def attachment_of(attachment: Any) -> dict[str, Any]:
    return {
        "id": attachment.pk,
        "name": attachment.name,
        "size": attachment.size,
        "mime": attachment.mime,
        "sha256": attachment.sha256,
        "by": attachment.by,
        "public": attachment.public,
        "created_at": local(attachment.created_at),
        "url": f"/files/{attachment.pk}/",
    }


def decision_of(decision: Decision, actor: Actor) -> dict[str, Any]:
    """The words follow the text of the issue; the unit that carries it out reads them too."""
    issue = decision.issue
    mine = decision.unit_id in engine.subtree_of(actor)
    may = issue is None or mine or policy.fields(actor, issue).text
    return {
        "id": decision.pk,
        "issue": decision.issue.number if decision.issue else None,
        "layer": decision.layer,
        "text": decision.text if may else None,
        "unit": decision.unit.code,
        "co_units": [unit.code for unit in decision.co_units.all()],
        "due": decision.due_on.isoformat() if decision.due_on else None,
        "meeting": decision.meeting or None,
        "decided_at": local(decision.decided_at),
        "decided_by": _username(decision.decided_by),
        "in_name_of": _username(decision.in_name_of),
        "done_at": local(decision.done_at),
        "feedback": [
            {
                "at": local(one.at),
                "by": _username(one.post),
                "text": one.text if may else None,
                "done": one.done,
            }
            for one in decision.feedback.all()
        ],
    }


def page_of(issues: Iterable[Issue], actor: Actor) -> list[dict[str, Any]]:
    rows = list(issues)
    note_commercial(actor, rows)
    clocks, now = load(rows), clock.now()
    return [issue_of(issue, actor, clocks[issue.pk], now) for issue in rows]
