"""Collect: submit, return, supplement, decline, merge, withdraw, identify."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from django.core.validators import validate_email
from django.db import transaction
from django.db.models import CharField, Exists, F, Func, OuterRef, QuerySet, Value
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, Unit, User
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines.models import Clock
from deadlines.services import clocks
from deadlines.states import ClockKind, Side
from documents.models import Attachment
from issues import desks, messages, policy
from issues.models import Assignment, Issue, IssueBody, Span
from issues.services import chain, codes, dispatch, lights, search
from issues.services.numbers import next_number
from issues.services.readers import readers
from issues.services.step import (
    Problems,
    Step,
    begin,
    category_by,
    desk_post,
    facts,
    stale,
    text_of,
    word_of,
    wrong_state,
)
from issues.states import (
    FINAL,
    PUBLIC_CHANNELS,
    Action,
    Channel,
    Confidentiality,
    DeclineReason,
    IssueKind,
    State,
    Urgency,
)
from projects.models import Enterprise, Project

PHONE = re.compile(r"^[0-9+() -]{5,32}$")


@transaction.atomic
def submit(
    *,
    actor: Actor,
    title: str,
    text: str,
    channel: str,
    contact: dict[str, str] | None,
    kind: str = IssueKind.ISSUE,
    category: str | None = None,
    urgency: str = Urgency.NORMAL,
    enterprise: str = "",
    project: str = "",
    place: str = "",
    confidentiality: str = Confidentiality.NORMAL,
) -> Issue:
    """提交. Anybody may, with a contact; without an account only through the public channels. Staff submit on behalf:
    the code goes to the contact alone, so their own phone is refused as contact.

    ``enterprise`` is a credit code or a name: a name, and whatever an anonymous form says, is a claim until the
    coordinator confirms it. The tracking code is ``tracking_code(issue)``.
    """
    if not policy.may_submit(actor):
        raise PermissionDenied(_("Your post may not submit issues."))
    post = actor.in_role(Role.ENTERPRISE, Role.OBSERVER) or actor.in_role(*policy.FILING_ROLES)
    on_behalf = bool(post) and not actor.has(Role.ENTERPRISE, Role.OBSERVER)
    problems = Problems()
    title = problems.take(text_of, title, "title", limit=200)
    text = problems.take(text_of, text, "text")
    channel = problems.take(word_of, channel, Channel, "channel")
    if channel and not actor.is_authenticated and channel not in PUBLIC_CHANNELS:
        problems.add("channel", _("Without an account only the web form and the QR card can be used."))
    kind = problems.take(word_of, kind, IssueKind, "kind")
    urgency = problems.take(word_of, urgency, Urgency, "urgency")
    confidentiality = problems.take(word_of, confidentiality, Confidentiality, "confidentiality")
    place = problems.take(text_of, place, "place", limit=200, needed=False)
    found = problems.take(category_by, category) if category else None
    person = problems.take(_contact, contact, own_refused=on_behalf)
    claim = problems.take(text_of, enterprise, "enterprise", limit=200, needed=False) or ""
    project_claim = problems.take(text_of, project, "project", limit=200, needed=False) or ""
    firm, work = _known(actor, claim, project_claim)
    problems.check()

    at = clock.now()
    issue = Issue.objects.create(
        number=next_number(clock.local(at).year),
        kind=kind,
        channel=channel,
        title=title,
        place=place,
        category=found,
        urgency=urgency,
        confidentiality=confidentiality,
        enterprise=firm,
        project=work,
        town_id=firm.town_id if firm else None,
        filed_by=post,
        on_behalf=on_behalf,
        submitted_at=at,
        code_nonce=codes.new_nonce(),
    )
    issue.code_hash = codes.hash_of(codes.code_of(issue.number, issue.code_nonce))
    IssueBody.objects.create(
        issue=issue,
        text=text,
        enterprise_claim="" if firm else claim,
        project_claim="" if work else project_claim,
        **{f"contact_{name}": value for name, value in person.items()},
    )
    party = "submitter" if not on_behalf else "filer"
    step = Step(issue=issue, actor=actor, action=Action.SUBMIT, at=at, right=policy.Right(party, post), before="")
    Span.objects.create(issue=issue, holder=Span.Holder.DESK, state=State.SUBMITTED, started_at=at)
    step.start(ClockKind.ACCEPTANCE)
    issue.readers = readers(issue)
    lights.refresh(issue)
    event = chain.append(
        issue,
        kind=Action.SUBMIT,
        at=at,
        post=post,
        user_id=actor.user.pk if actor.user else None,
        data={"as": party, "channel": channel, "kind": kind, "state": issue.state, "sha256": digest(title, text)},
        public=True,
    )
    issue.save()
    search.index(issue)
    messages.tell(issue, event, step.right)
    return issue


def digest(title: str, text: str) -> str:
    """What the first event vouches for: the words as they were sent."""
    return hashlib.sha256(f"{title}\x00{text}".encode("utf-8", "surrogatepass")).hexdigest()


def tracking_code(issue: Issue) -> str:
    """Derived anew, never stored: for the submitter's eyes alone."""
    return codes.code_of(issue.number, issue.code_nonce)


def _contact(contact: Any, *, own_refused: bool) -> dict[str, str]:
    if not isinstance(contact, dict):
        raise ValidationError({"contact": [_("Please give a contact.")]})
    problems = Problems()
    name = problems.take(text_of, contact.get("name"), "contact.name", limit=100)
    phone = (problems.take(text_of, contact.get("phone"), "contact.phone", limit=32) or "").strip()
    email = (problems.take(text_of, contact.get("email"), "contact.email", limit=254, needed=False) or "").strip()
    if unknown := set(contact) - {"name", "phone", "email"}:
        problems.add("contact", _("Unknown field: %(name)s.") % {"name": ", ".join(sorted(map(str, unknown)))[:80]})
    if phone and not PHONE.match(phone):
        problems.add("contact.phone", _("Please give a phone number of digits, at most 32 characters."))
    elif phone and own_refused and _is_staff_phone(phone):
        problems.add("contact.phone", _("This is the phone of a member of staff; please give the enterprise's own."))
    if email:
        try:
            validate_email(email)
        except ValidationError:
            problems.add("contact.email", _("This is not an e-mail address."))
        if own_refused and _staff().filter(email__iexact=email).exists():
            told = _("This is the e-mail of a member of staff; please give the enterprise's own.")
            problems.add("contact.email", told)
    problems.check()
    return {"name": name, "phone": phone, "email": email}


def _staff() -> QuerySet[User]:
    """Whoever holds or held a post inside the district: the code and the rating link never pass through a unit."""
    inside = Post.objects.filter(user=OuterRef("pk")).exclude(role__in=[Role.ENTERPRISE, Role.OBSERVER])
    return User.objects.filter(Exists(inside))


def _is_staff_phone(phone: str) -> bool:
    """However it is written: with the country's code, a leading zero, brackets, blanks or dashes."""
    digits = Func(F("phone"), Value(r"\D"), Value(""), Value("g"), function="regexp_replace")
    bare = Func(digits, Value(PREFIX), Value(""), function="regexp_replace", output_field=CharField())
    wanted = re.sub(PREFIX, "", re.sub(r"\D", "", unicodedata.normalize("NFKC", phone)))
    return bool(wanted) and _staff().alias(bare=bare).filter(bare=wanted).exists()


# What may stand before a number that is the same without it.
PREFIX = "^0*(86)?0*"


def _known(actor: Actor, claim: str, project_claim: str) -> tuple[Enterprise | None, Project | None]:
    """An enterprise account speaks for its own enterprise; staff name by its code one that is there for them. Any
    other code stays a claim, as an unknown one does: else filing would tell who is registered and open their file. So
    does what an anonymous form says: it would hang issues on strangers."""
    if actor.enterprise_ids:
        firm = Enterprise.objects.filter(pk=actor.enterprise_ids[0]).first()
        work = Project.objects.filter(code=project_claim, enterprise=firm).first() if project_claim else None
        return firm, work
    if not actor.is_authenticated or actor.has(Role.OBSERVER):
        return None, None
    works, firms = Project.objects.visible_to(actor), Enterprise.objects.visible_to(actor)
    work = works.filter(code=project_claim).first() if project_claim else None
    firm = firms.filter(uscc=claim).first() if claim else None
    if firm is None and work is not None:
        firm = firms.filter(pk=work.enterprise_id).first()
    if firm is not None and work is not None and work.enterprise_id not in (None, firm.pk):
        work = None
    return firm, work


@transaction.atomic
def return_(*, issue_id: int, actor: Actor, text: str, version: int | None = None) -> Issue:
    """退回补正: what is missing; acceptance stops, the supplement clock runs for the submitter."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.RETURN, version=version)
    text = text_of(text, "text")
    step.stop("returned", ClockKind.ACCEPTANCE)
    step.issue.state = State.RETURNED
    due = step.start(ClockKind.SUPPLEMENT, side=Side.SUBMITTER).due_at
    step.told = {"due_at": due}
    return step.finish(data={"text": text}, public=True)


@transaction.atomic
def supplement(*, issue_id: int, actor: Actor, text: str = "", version: int | None = None) -> Issue:
    """补正: text, or files attached since the return; acceptance runs again."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.SUPPLEMENT, version=version)
    returned = step.issue.spans.filter(state=State.RETURNED, ended_at__isnull=True).first()
    files = Attachment.objects.of("issue", issue_id).filter(
        by=Attachment.By.SUBMITTER, created_at__gte=returned.started_at if returned else step.at
    )
    text = text_of(text, "text", needed=not files.exists())
    step.meet(ClockKind.SUPPLEMENT)
    step.issue.state = State.SUBMITTED
    step.start(ClockKind.ACCEPTANCE)
    issue = step.finish(data={"text": text}, public=True)
    search.index(issue)
    return issue


@transaction.atomic
def decline(*, issue_id: int, actor: Actor, reason: str, text: str, version: int | None = None) -> Issue:
    """不予受理: a reason from the list and words to the submitter; all clocks stop."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.DECLINE, version=version)
    problems = Problems()
    reason = problems.take(word_of, reason, DeclineReason, "reason")
    text = problems.take(text_of, text, "text")
    problems.check()
    step.meet(ClockKind.ACCEPTANCE)
    step.stop("declined")
    step.issue.state, step.issue.closed_at = State.DECLINED, step.at
    return step.finish(data={"reason": reason, "text": text}, public=True, fields=("closed_at",))


@transaction.atomic
def merge(*, issue_id: int, actor: Actor, into: str, version: int | None = None) -> Issue:
    """并案: its clocks stop; its submitter follows the other one's public feedback and rates the own number."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.MERGE, version=version)
    issue = step.issue
    target = Issue.objects.visible_to(actor).filter(number=into or "").first()
    if target is None or target.pk == issue.pk:
        raise ValidationError({"into": [_("There is no other issue of this number.")]})
    if target.state in FINAL or target.kind != issue.kind:
        raise ValidationError({"into": [_("This issue is closed or of another kind: nothing can join it.")]})
    # What joins a merged case's own followers goes along: chains of merging never arise.
    if issue.merged.exists():
        raise wrong_state(issue, _("Other issues have joined this one: it cannot join another."))
    step.meet(ClockKind.ACCEPTANCE)
    step.stop("merged")
    issue.assignments.filter(ended_at__isnull=True).update(ended_at=step.at, end=Assignment.End.MERGED)
    issue.state, issue.merged_into, issue.closed_at = State.MERGED, target, step.at
    return step.finish(data={"into": target.number}, public=True, fields=("merged_into", "closed_at"))


@transaction.atomic
def withdraw(*, issue_id: int, actor: Actor, reason: str, version: int | None = None) -> Issue:
    """撤回: by the submitter, before closing is proposed; all clocks stop. The supervisor samples these."""
    step = begin(issue_id=issue_id, actor=actor, action=Action.WITHDRAW, version=version)
    return _withdraw(step, text_of(reason, "reason"), "withdrawn")


def _withdraw(step: Step, reason: str, why: str) -> Issue:
    issue = step.issue
    step.meet(ClockKind.ACCEPTANCE)
    step.stop(why)
    issue.assignments.filter(ended_at__isnull=True).update(ended_at=step.at, end=Assignment.End.WITHDRAWN)
    issue.state, issue.closed_at = State.WITHDRAWN, step.at
    return step.finish(data={"reason": reason, "why": why}, public=True, fields=("closed_at",))


@transaction.atomic
def withdraw_unsupplemented(*, issue_id: int, actor: Actor) -> Issue:
    """逾期未补正: the system withdraws what was not supplemented within the limit."""
    if not actor.system:
        raise PermissionDenied
    issue = Issue.objects.select_for_update(of=("self",), no_key=True).filter(pk=issue_id).first()
    if issue is None:
        raise NotVisible
    if issue.state != State.RETURNED:
        raise Conflict(_("The supplement came in."), **facts(issue))
    step = Step(
        issue=issue,
        actor=actor,
        action=Action.WITHDRAW,
        at=clock.now(),
        right=policy.Right("system"),
        before=issue.state,
    )
    return _withdraw(step, "", "not_supplemented")


IDENTIFY = "identify"


def _works_on_it(unit: Unit, issue: Issue) -> bool:
    """The unit, or one below it, has the lead, a part, or a decision to carry out: it must be taken off first."""
    if unit.pk == issue.lead_unit_id or any(unit.pk in part.unit.path for part in policy.open_parts(issue)):
        return True
    return issue.decisions.filter(done_at__isnull=True, unit__path__contains=[unit.pk]).exists()


def _take_from_the_accused(issue: Issue) -> None:
    """What their people held or led goes to the desk that is left."""
    issue.__dict__.pop("_desk_role", None)
    if issue.about_unit_id is None:
        return
    dispatch.spare_the_accused(issue)
    running = Clock.objects.of("issue", issue.pk).open().values_list("holder_post", "leader")
    named = {key for pair in running for key in pair if key}
    for key in Post.objects.filter(pk__in=named, user__in=desks.barred(issue)).values_list("pk", flat=True):
        clocks.hand_over(from_post_id=key, to_post_id=desk_post(issue), subject_kind="issue", subject_ids=[issue.pk])


@transaction.atomic
def identify(
    *,
    issue_id: int,
    actor: Actor,
    enterprise: Enterprise | None,
    project: Project | None = None,
    town: Unit | None = None,
    about_unit: Unit | None = None,
    version: int | None = None,
) -> Issue:
    """The desk confirms whose issue it is: registered enterprise and project, the town, and for a complaint the unit
    that it is about, which can never read it."""
    issue = Issue.objects.visible_to(actor).select_for_update(of=("self",), no_key=True).filter(pk=issue_id).first()
    if issue is None:
        raise NotVisible
    right = policy.party(actor, "desk", issue)
    if version is not None and version != issue.version:
        raise stale(issue)
    if right is None:
        raise PermissionDenied(_("Your post may not do this here."))
    if issue.state in FINAL:
        raise wrong_state(issue)
    if about_unit and _works_on_it(about_unit, issue):
        raise ValidationError({"about_unit": [_("The unit complained of cannot handle the complaint.")]})
    if project and enterprise and project.enterprise_id not in (None, enterprise.pk):
        raise ValidationError({"project": [_("This project belongs to another enterprise.")]})
    step = Step(issue=issue, actor=actor, action=IDENTIFY, at=clock.now(), right=right, before=issue.state)
    issue.enterprise, issue.project, issue.about_unit = enterprise, project, about_unit
    issue.town_id = town.pk if town else (enterprise.town_id if enterprise else None)
    _take_from_the_accused(issue)
    issue = step.finish(
        data={"enterprise": enterprise.pk if enterprise else None, "project": project.code if project else None},
        fields=("enterprise", "project", "about_unit", "town", "leader", "line", "leader_why", "office"),
    )
    search.index(issue)
    return issue
