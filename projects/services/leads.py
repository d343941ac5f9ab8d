"""招商线索: from the first talk to the decision on the agreement. A lead is the beginning of a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Post, Unit
from accounts.policy import subtree_of
from accounts.roles import UnitKind
from accounts.services._steps import authorise
from common import bell, clock
from common.errors import Conflict, PermissionDenied, ValidationError, require
from deadlines.services import clocks
from deadlines.states import ClockKind
from projects import messages, policy
from projects.models import EvaluationScore, Lead, LeaderOpinion, LibraryTarget, PreReview, Project, TierDecision
from projects.services._steps import bump, check, entered, not_future, note, take_project
from projects.services.managers import LEADING, in_post
from projects.services.projects import new_project
from projects.states import BEGUN, SUBJECT, Criterion, Review, Tier

BEST = 10
PAPERS = "projects.tasks.papers"


@transaction.atomic
def register_lead(
    *,
    actor: Actor,
    code: str,
    name: str,
    source: str = "",
    owner: Post | None = None,
    contact_name: str = "",
    contact_phone: str = "",
    **values: Any,
) -> Lead:
    """A first contact: the project begins in planning, and the clock of the evaluation runs. ``values`` are further
    fields of the project. A unit registers its own. 403, 400."""
    authorise(actor, "register_lead", Project)
    unit = values.get("unit")
    if not actor.system and not actor.has(*policy.DESK) and (unit is None or unit.pk not in subtree_of(actor)):
        raise ValidationError({"unit": [_("Choose your own unit.")]})
    if owner is not None:
        in_post(owner, "owner")
    project = new_project(code=code, name=name, **values)
    lead = Lead(
        project=project,
        source=source.strip(),
        owner=owner,
        contact_name=contact_name.strip(),
        contact_phone=contact_phone.strip(),
        registered_at=clock.now(),
        registered_by=actor.user,
    )
    check(lead)
    lead.save()
    _start(project, ClockKind.EVALUATION)
    note(actor, "register_lead", project, project.code, name=project.name)
    return lead


@transaction.atomic
def record_first_talk(*, actor: Actor, code: str, owner: Post, on: date | None = None, text: str = "") -> Lead:
    """Who is responsible for the first contact, and what was said on which day. A project without a lead gets one; its
    evaluation runs from now, if it is not signed yet. 404, 409, 403, 400."""
    project = take_project(actor, "record_first_talk", code)
    if on is not None:
        not_future("on", on)
    in_post(owner, "owner")
    lead, begun = Lead.objects.get_or_create(
        project=project, defaults={"registered_at": clock.now(), "registered_by": actor.user}
    )
    if begun and project.stage in BEGUN:
        _start(project, ClockKind.EVALUATION)
    lead.owner, lead.first_talk_on, lead.first_talk = owner, on or lead.first_talk_on, text.strip() or lead.first_talk
    check(lead)
    lead.save(update_fields=["owner", "first_talk_on", "first_talk"])
    note(actor, "record_first_talk", project, project.code, owner=owner.pk, on=str(on or ""))
    return lead


@transaction.atomic
def evaluate(*, actor: Actor, code: str, scores: Mapping[str, tuple[int, str]], favourable: bool, opinion: str) -> Lead:
    """五看两算: a score 0–10 with a reason for each of the seven, and the opinion. Favourable starts the clock of the
    brief. 404, 409 when it is finished already, 403, 400."""
    project, lead = _lead(actor, "evaluate", code)
    if lead.evaluated_at is not None:
        raise Conflict(_("The evaluation is finished already."), code="evaluated")
    _check_scores(scores)
    require(opinion=(opinion.strip(), _("Give the opinion.")))
    now = clock.now()
    lead.evaluated_at, lead.evaluated_by = now, actor.user
    lead.favourable, lead.opinion = favourable, opinion.strip()
    check(lead)
    lead.save(update_fields=["evaluated_at", "evaluated_by", "favourable", "opinion"])
    for criterion in Criterion.values:
        score, reason = scores[criterion]
        entered(EvaluationScore(lead=lead, criterion=criterion, score=score, reason=reason.strip()))
    clocks.meet(subject_kind=SUBJECT, subject_id=project.pk, kinds=[ClockKind.EVALUATION], at=now)
    if favourable:
        _start(project, ClockKind.BRIEFING)
    note(actor, "evaluate", project, project.code, favourable=favourable)
    return lead


def _check_scores(scores: Mapping[str, tuple[int, str]]) -> None:
    wrong: dict[str, list[str]] = {}
    for criterion in Criterion.values:
        score, reason = scores.get(criterion, (None, ""))
        if score is None or not 0 <= score <= BEST:
            wrong[criterion] = [_("Give a score from 0 to 10.")]
        if not reason.strip():
            wrong[f"{criterion}_reason"] = [_("Say why.")]
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def recommend_park(*, actor: Actor, code: str, park: Unit, leader: Post) -> Lead:
    """The park that is to take it; ``leader`` is asked for consent. A refused one is followed by another. 404, 409,
    403, 400."""
    project, lead = _lead(actor, "recommend_park", code)
    if lead.park_consent:
        raise Conflict(_("The leader has consented to the park already."), code="consented")
    if park.kind != UnitKind.PARK:
        raise ValidationError({"park": [_("Choose a park.")]})
    if leader.role not in LEADING or not Post.objects.current().filter(pk=leader.pk).exists():
        raise ValidationError({"leader": [_("Choose a leader who is in office.")]})
    lead.park, lead.park_asked_of, lead.park_asked_at = park, leader, clock.now()
    lead.park_consent, lead.park_answer, lead.park_answered_at = None, "", None
    lead.save(update_fields=list(PARK))
    note(actor, "recommend_park", project, project.code, park=park.code, leader=leader.pk)
    messages.tell_of_park(lead)
    return lead


PARK = ("park", "park_asked_of", "park_asked_at", "park_consent", "park_answer", "park_answered_at")


@transaction.atomic
def answer_park(*, actor: Actor, code: str, consent: bool, text: str = "") -> Lead:
    """The leader's word, or the service office's in the leader's name. With consent the park is the project's. 404,
    409, 403, 400."""
    project, lead = _lead(actor, "answer_park", code)
    if lead.park_asked_at is None or lead.park_answered_at is not None:
        raise Conflict(_("Nobody waits for an answer about the park."), code="answered")
    if not consent:
        require(text=(text.strip(), _("Say why.")))
    lead.park_consent, lead.park_answer, lead.park_answered_at = consent, text.strip(), clock.now()
    check(lead)
    lead.save(update_fields=["park_consent", "park_answer", "park_answered_at"])
    if consent:
        project.park = lead.park
        bump(project, "park")
    note(actor, "answer_park", project, project.code, consent=consent, text=text.strip())
    messages.tell_of_park_answer(lead)
    return lead


@transaction.atomic
def record_review(
    *, actor: Actor, code: str, kind: str, passed: bool, text: str, unit: Unit, on: date | None = None
) -> PreReview:
    """联合预审: the word of one side. The last one per kind counts: a veto that is lifted stays beside it. 404, 409,
    403, 400."""
    project = take_project(actor, "record_review", code)
    if kind not in Review.values:
        raise ValidationError({"kind": [_("Choose one of the list.")]})
    require(text=(text.strip(), _("Say what was found.")))
    day = on or clock.today()
    not_future("on", day)
    row = entered(
        PreReview(
            project=project,
            kind=kind,
            passed=passed,
            text=text.strip(),
            unit=unit,
            on=day,
            by=actor.user,
            at=clock.now(),
        )
    )
    note(actor, "record_review", project, project.code, kind=kind, passed=passed)
    return row


@transaction.atomic
def record_decision(
    *, actor: Actor, code: str, tier: str, favourable: bool, on: date, number: str, text: str = ""
) -> TierDecision:
    """What a meeting decided on the agreement, with the number of its minutes. 404, 409, 403, 400."""
    project = take_project(actor, "record_decision", code)
    if tier not in Tier.values:
        raise ValidationError({"tier": [_("Choose one of the list.")]})
    not_future("on", on)
    require(number=(number.strip(), _("Give the number of the minutes.")))
    row = entered(
        TierDecision(
            project=project,
            tier=tier,
            favourable=favourable,
            on=on,
            number=number.strip(),
            text=text.strip(),
            by=actor.user,
            at=clock.now(),
        )
    )
    note(actor, "record_decision", project, project.code, tier=tier, favourable=favourable, number=row.number)
    return row


@transaction.atomic
def issue_brief(*, actor: Actor, code: str) -> Lead:
    """招商专报 is out: its clock is met and the worker makes its paper, whose number is that of the brief. 404, 409
    without a favourable evaluation or when it is out already, 403, 400."""
    project, lead = _lead(actor, "issue_brief", code)
    if not lead.favourable or lead.briefed_at is not None:
        raise Conflict(_("A brief follows a favourable evaluation, once."), code="brief")
    lead.briefed_at = clock.now()
    lead.save(update_fields=["briefed_at"])
    clocks.meet(subject_kind=SUBJECT, subject_id=project.pk, kinds=[ClockKind.BRIEFING], at=lead.briefed_at)
    note(actor, "issue_brief", project, project.code)
    messages.tell_of_brief(lead)
    transaction.on_commit(lambda: bell.ring(PAPERS))
    return lead


@transaction.atomic
def give_opinion(*, actor: Actor, code: str, text: str) -> LeaderOpinion:
    """A leader's word on the brief: how it is to be followed up. 404, 409 while there is no brief, 403, 400."""
    project, lead = _lead(actor, "give_opinion", code)
    post = policy.post_for(actor, "give_opinion", Project)
    if post is None:
        raise PermissionDenied
    if lead.briefed_at is None:
        raise Conflict(_("The brief is not out yet."), code="brief")
    require(text=(text.strip(), _("Write your opinion.")))
    row = entered(LeaderOpinion(lead=lead, post=post, text=text.strip(), at=clock.now()))
    note(actor, "give_opinion", project, project.code, text=row.text)
    return row


@transaction.atomic
def set_target(*, actor: Actor, unit: Unit, year: int, least: Decimal, count: int) -> LibraryTarget:
    """``unit`` owes ``count`` planned projects of at least ``least`` 万元 in ``year``; a count of 0 lifts it. 403,
    400."""
    authorise(actor, "set_target", LibraryTarget)
    if not 2000 <= year <= 2100 or least < 0 or count < 0:
        raise ValidationError(_("Give a year, an amount and a number."))
    row, _made = LibraryTarget.objects.update_or_create(unit=unit, year=year, least=least, defaults={"count": count})
    note(actor, "set_target", row, f"{unit.code} {year}", least=str(least), count=count)
    return row


def _lead(actor: Actor, action: str, code: str) -> tuple[Project, Lead]:
    project = take_project(actor, action, code)
    lead = Lead.objects.filter(project=project).first()
    if lead is None:
        raise Conflict(_("The first contact of this project is not recorded yet."), code="no_lead")
    return project, lead


def _start(project: Project, kind: str) -> None:
    """The desk of the major projects holds it: without a holder the reminders go there."""
    clocks.start(subject_kind=SUBJECT, subject_id=project.pk, subject_ref=project.code, kind=kind, at=clock.now())
