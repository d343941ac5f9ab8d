"""One step of the loop: lock and check in the house's order, change, append the event, move the clocks, tell.

Every verb begins with :func:`begin` and ends with :meth:`Step.finish`, both in one transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import Post, Unit
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines.services import clocks
from deadlines.states import ClockKind, Side
from issues import desks, messages, policy
from issues.models import Category, Event, Issue, Request, Span
from issues.services import chain, lights
from issues.services.readers import readers
from issues.states import FINAL, FROM, IssueKind, RequestState, State, SuspendReason

SUBJECT = "issue"


@dataclass
class Step:
    """A step under way: the locked issue, who acts as what, and when."""

    issue: Issue
    actor: Actor
    action: str
    at: datetime
    right: policy.Right
    before: str
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def post(self) -> Post | None:
        return self.right.post

    # --- clocks ---

    def start(self, kind: str, **fields: Any) -> Any:
        """Start a clock of this issue; its leader and office are the issue's. What nobody holds falls to the
        coordinators, who must never hear of a complaint: the supervisor holds it instead."""
        issue = self.issue
        watch = desk_post(issue)
        held = fields.get("holder_unit_id") or fields.get("holder_post_id") or fields.get("side") == Side.SUBMITTER
        if watch and not held:
            fields["holder_post_id"] = watch
        return clocks.start(
            subject_kind=SUBJECT,
            subject_id=issue.pk,
            subject_ref=issue.number,
            kind=kind,
            at=fields.pop("at", self.at),
            round=issue.round,
            leader_id=issue.leader_id or watch,
            office_id=issue.office_id,
            **fields,
        )

    def meet(self, *kinds: str, part: str | None = "", at: datetime | None = None) -> list[Any]:
        return clocks.meet(subject_kind=SUBJECT, subject_id=self.issue.pk, kinds=kinds, at=at or self.at, part=part)

    def stop(self, reason: str, *kinds: str, part: str | None = None) -> list[Any]:
        return clocks.stop(
            subject_kind=SUBJECT, subject_id=self.issue.pk, reason=reason, at=self.at, kinds=kinds or None, part=part
        )

    # --- the end ---

    def finish(
        self, *, data: dict[str, Any] | None = None, public: bool = False, fields: tuple[str, ...] = ()
    ) -> Issue:
        """Close the step: span, void requests, readers, lights, version, event, notices; saves the issue."""
        issue = self.issue
        changed = issue.state != self.before
        if changed:
            void_requests(self)
            turn_span(issue, self.at)
        issue.readers = readers(issue)
        lights.refresh(issue)
        issue.version += 1
        event = chain.append(
            issue,
            kind=self.action,
            at=self.at,
            post=self.post,
            user_id=self.actor.user.pk if self.actor.user else None,
            data={
                "as": self.right.party,
                "state": issue.state,
                "from": self.before,
                "layer": issue.layer,
                "round": issue.round,
                **(data or {}),
            },
            public=public,
        )
        base = ("state", "readers", "yellow_at", "due_at", "red_at", "version", "event_seq", "event_hash")
        issue.save(update_fields=sorted({*base, *fields}))
        for cached in ("_open_parts", "_open_request", "_open_decision", "_proposed_by"):
            issue.__dict__.pop(cached, None)
        messages.tell(issue, event, self.right, **self.told)
        return issue


def begin(*, issue_id: int, actor: Actor, action: str, version: int | None) -> Step:
    """Lock the issue and check in order: visible (404), version (409), right (403), state (409)."""
    rows: QuerySet[Issue] = Issue.objects.all() if actor.system else Issue.objects.visible_to(actor)
    issue = rows.select_for_update(of=("self",), no_key=True).filter(pk=issue_id).first()
    if issue is None:
        raise NotVisible
    if version is not None and version != issue.version:
        raise stale(issue)
    right = policy.right(actor, action, issue)
    if right is None:
        raise PermissionDenied(policy.refusal(actor, action, issue))
    if issue.state not in FROM[action]:
        raise wrong_state(issue)
    return Step(issue=issue, actor=actor, action=action, at=clock.now(), right=right, before=issue.state)


def stale(issue: Issue) -> Conflict:
    return Conflict(_("Somebody else acted while you were writing."), code="stale", **facts(issue))


def wrong_state(issue: Issue, message: str = "") -> Conflict:
    return Conflict(
        message or _("The issue is now “%(state)s”: this cannot be done.") % {"state": issue.get_state_display()},
        code="conflict",
        **facts(issue),
    )


def facts(issue: Issue) -> dict[str, Any]:
    """What a conflict tells: the present state and version, and who did what when."""
    last = Event.objects.filter(issue=issue, seq=issue.event_seq).select_related("user", "post__unit").first()
    told: dict[str, Any] = {"state": issue.state, "version": issue.version}
    if last:
        told |= {"action": last.kind, "at": last.at, "by": where(last)}
    return told


def where(event: Event) -> str:
    """Unit or role, never a person: a conflict is told to submitters too."""
    if event.post is None:
        return str(_("System or submitter"))
    if event.post.role in OUTSIDERS:
        return str(_("Submitter"))
    return event.post.unit.name if event.post.unit else str(event.post.get_role_display())


def who(event: Event) -> str:
    if event.post and event.post.role in OUTSIDERS:
        return str(_("Submitter"))
    if event.post:
        return "　".join(x for x in (event.post.unit.name if event.post.unit else "", str(event.user or "")) if x)
    return str(event.user or _("System or submitter"))


def desk_post(issue: Issue) -> int | None:
    """Complaints are watched by a supervisor, or a chief; other clocks of the desk have no holder: all
    coordinators are told."""
    if issue.kind != IssueKind.COMPLAINT:
        return None
    return next(iter(desks.posts(issue)), None)


def turn_span(issue: Issue, at: datetime) -> None:
    """The case changes hands: end the open span, begin the one of the new state."""
    Span.objects.filter(issue=issue, ended_at__isnull=True).update(ended_at=at)
    if issue.state in FINAL:
        return
    holder, unit_id, post_id = holder_of(issue)
    Span.objects.create(issue=issue, holder=holder, unit_id=unit_id, post_id=post_id, state=issue.state, started_at=at)


def holder_of(issue: Issue) -> tuple[str, int | None, int | None]:
    """In whose hands a state lies: whoever loses the days is the one who loses them."""
    if issue.state in (State.RETURNED, State.RATING):
        return Span.Holder.SUBMITTER, None, None
    if issue.state in (State.SUBMITTED, State.PROPOSED, State.DISPUTED):
        return Span.Holder.DESK, None, None
    if issue.state == State.COORDINATING:
        return Span.Holder.LEADER, issue.office_id, issue.leader_id
    if (
        issue.state == State.SUSPENDED
        and issue.requests.filter(kind="suspend", state=RequestState.GRANTED)
        .order_by("-ruled_at")
        .values_list("reason", flat=True)
        .first()
        == SuspendReason.AWAITING_ENTERPRISE
    ):
        return Span.Holder.SUBMITTER, None, None
    return Span.Holder.UNIT, issue.lead_unit_id, None


def void_requests(step: Step) -> None:
    """A change of state voids the open request and stops its ruling clock."""
    for request in Request.objects.filter(issue=step.issue, state=RequestState.OPEN):
        request.state = RequestState.VOID
        request.save(update_fields=["state"])
        step.stop("void", ClockKind.RULING, part=f"request:{request.pk}")


# --- values that come in ---------------------------------------------------------------------------------------------


def unit_by(code: str | Unit | None, name: str = "unit") -> Unit:
    """A living unit that work can be given to, by its code."""
    if isinstance(code, Unit):
        return code
    unit = Unit.objects.assignable().filter(code=code or "").first()
    if unit is None:
        raise ValidationError({name: [_("There is no unit with this code that work can be given to.")]})
    return unit


def units_by(codes: list[str | Unit] | None, name: str = "co_units", *, but: Unit | None = None) -> list[Unit]:
    found = [unit_by(code, name) for code in codes or []]
    unique = {unit.pk: unit for unit in found if but is None or unit.pk != but.pk}
    return list(unique.values())


def category_by(name: str | Category | None) -> Category:
    if isinstance(name, Category):
        return name
    category = Category.objects.filter(name=name or "", active=True).first()
    if category is None:
        raise ValidationError({"category": [_("There is no category of this name.")]})
    return category


def word_of(value: str, words: Any, name: str) -> str:
    """A value of an enumeration, or a message beside the field."""
    if value not in words.values:
        raise ValidationError({name: [_("“%(value)s” is not one of the words.") % {"value": str(value)[:40]}]})
    return str(value)


def text_of(value: Any, name: str, *, limit: int = 20_000, needed: bool = True) -> str:
    """Text as it was sent; without NUL, at most ``limit`` characters, and not blank where it is needed."""
    if not isinstance(value, str):
        value = "" if value is None else str(value)
    if "\x00" in value or any("\ud800" <= ch <= "\udfff" for ch in value):
        raise ValidationError({name: [_("The text holds a character that cannot be stored.")]})
    if len(value) > limit:
        raise ValidationError(
            {name: [_("At most %(limit)d characters; these are %(n)d.") % {"limit": limit, "n": len(value)}]}
        )
    if needed and not value.strip():
        raise ValidationError({name: [_("Please fill this in.")]})
    return value


class Problems:
    """Collects what is wrong field by field, so that the person sees all of it at once."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def take(self, check: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return check(*args, **kwargs)
        except ValidationError as wrong:
            for name, texts in wrong.message_dict.items():
                self.errors.setdefault(name, []).extend(texts)
            return None

    def add(self, name: str, text: str) -> None:
        self.errors.setdefault(name, []).append(text)

    def check(self) -> None:
        if self.errors:
            raise ValidationError(dict(self.errors))
