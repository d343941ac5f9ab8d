"""Open work changes hands: from a post that ends to its heir, from a unit that closes to its successor.

Deadlines run on, so that nobody gains time by it; the days that were lost stay with who lost them. A request waits for
a role and keeps the name of who asked: nobody is to rule on the own one by having moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.actors import Actor
from accounts.hooks import Work
from accounts.models import Post, Unit
from accounts.roles import UNIT_ROLES, Role
from common import clock
from common.errors import Conflict, ValidationError
from deadlines.models import Clock
from deadlines.services import clocks
from issues.models import Assignment, Category, Decision, Event, Issue, Span
from issues.services import chain
from issues.services.readers import readers_of_many
from issues.states import OPEN
from notices.models import Kind
from notices.services import notify

HAND_OVER = "hand_over"
SUBJECT = "issue"
INBOX = "/app/"
FIELDS = ["leader", "specialist", "handler", "lead_unit", "office", "readers", "version", "event_seq", "event_hash"]
End = Assignment.End


# --- a post ends -----------------------------------------------------------------------------------------------------


def post_ends(*, post: Post, heir: Post, actor: Actor, at: datetime) -> None:
    """What the post leads, serves, handles, or holds a running deadline of goes to the heir, in one act. A complaint
    about a unit of the heir's stays: it must not reach them."""
    issues = _locked(_of_post(post).filter(_not_about(heir)))
    if not issues:
        return
    held = _clocks().filter(Q(holder_post=post) | Q(leader=post)).values_list("subject_id", flat=True)
    holding = set(held)
    ids = [issue.pk for issue in issues]
    clocks.hand_over(from_post_id=post.pk, to_post_id=heir.pk, subject_kind=SUBJECT, subject_ids=ids)
    _turn_spans(Span.objects.filter(issue__in=ids, post=post), at, post=heir)
    told = {issue.pk: _from_post(issue, post, heir, issue.pk in holding) for issue in issues}
    _write(issues, told, actor, at)
    _tell([heir.pk], len(issues), key=f"handover:post:{post.pk}:{heir.pk}:{int(at.timestamp())}", at=at)


def work(post: Post) -> Iterable[Work]:
    yield Work(_("Cases under way"), _of_post(post).count())


def _of_post(post: Post) -> QuerySet[Issue]:
    named = Q(leader=post) | Q(specialist=post)
    if post.role in UNIT_ROLES:
        named |= Q(lead_unit=post.unit_id, handler=post.user.name)
    held = _clocks().filter(Q(holder_post=post) | Q(leader=post))
    return Issue.objects.filter(named, state__in=OPEN) | Issue.objects.filter(pk__in=held.values("subject_id"))


def _not_about(heir: Post) -> Q:
    units = Post.objects.current().filter(user=heir.user_id, unit__isnull=False).values_list("unit_id", flat=True)
    return Q(about_unit__isnull=True) | ~Q(about_unit__path__overlap=list(units))


def _from_post(issue: Issue, post: Post, heir: Post, holding: bool) -> dict[str, Any]:
    """Put the heir where the post stood. What the event says: as what, from whom to whom (posts)."""
    told: dict[str, Any] = {"holder": [post.pk, heir.pk]} if holding else {}
    for name in ("leader", "specialist"):
        if getattr(issue, f"{name}_id") == post.pk:
            setattr(issue, name, heir)
            told[name] = [post.pk, heir.pk]
    if post.role in UNIT_ROLES and issue.lead_unit_id == post.unit_id and issue.handler == post.user.name:
        issue.handler = heir.user.name
        told["handler"] = [post.pk, heir.pk]
    return told


# --- a unit closes ---------------------------------------------------------------------------------------------------


def unit_closes(*, unit: Unit, successor: Unit | None, actor: Actor, on: date) -> None:
    """A unit with open cases closes only into a successor, to which they go in the same act."""
    issues = _locked(_of_unit(unit))
    if issues and successor is None:
        words = _("Open cases lie with this unit (%(n)d): name the successor that takes them over.")
        raise Conflict(words % {"n": len(issues)}, code="open_cases", open_cases=len(issues))
    if successor is None:
        return
    Category.objects.filter(unit=unit).update(unit=successor)
    if issues:
        _check_successor(issues, unit, successor)
        _move(issues, unit, successor, actor, clock.now())


def _of_unit(unit: Unit) -> QuerySet[Issue]:
    parts = Assignment.objects.filter(unit=unit, ended_at__isnull=True)
    decided = Decision.objects.filter(Q(unit=unit) | Q(co_units=unit), done_at__isnull=True)
    open_ones = Q(lead_unit=unit) | Q(office=unit) | Q(pk__in=parts.values("issue")) | Q(pk__in=decided.values("issue"))
    held = _clocks().filter(Q(holder_unit=unit) | Q(office=unit))
    return Issue.objects.filter(open_ones, state__in=OPEN) | Issue.objects.filter(pk__in=held.values("subject_id"))


def _check_successor(issues: list[Issue], unit: Unit, successor: Unit) -> None:
    """Work can be given to it, and none of the cases is a complaint about it."""
    if unit.is_responsible and not successor.is_responsible:
        text = _("Work can't be given to this unit: make it a responsible unit first.")
        raise ValidationError({"successor": [text]})
    if any(issue.about_unit_id in successor.path for issue in issues if issue.about_unit_id):
        text = _("Not all open cases may go to this unit. Have them reassigned first.")
        raise ValidationError({"successor": [text]})


def _move(issues: list[Issue], unit: Unit, successor: Unit, actor: Actor, at: datetime) -> None:
    ids = [issue.pk for issue in issues]
    parts = _move_parts(ids, unit, successor, at)
    clocks.hand_over_unit(from_unit_id=unit.pk, to_unit_id=successor.pk, subject_kind=SUBJECT, subject_ids=ids)
    _turn_spans(Span.objects.filter(issue__in=ids, unit=unit), at, unit=successor)
    decided = _move_decisions(ids, unit, successor)
    told = {}
    for issue in issues:
        told[issue.pk] = {
            "unit": successor.code,
            "old_unit": unit.code,
            "what": [
                word
                for word, moved in (
                    ("lead", issue.lead_unit_id == unit.pk),
                    ("office", issue.office_id == unit.pk),
                    ("part", issue.pk in parts),
                    ("decision", issue.pk in decided),
                )
                if moved
            ],
        }
        issue.lead_unit = successor if issue.lead_unit_id == unit.pk else issue.lead_unit
        issue.office = successor if issue.office_id == unit.pk else issue.office
    _write(issues, told, actor, at)
    people = Post.objects.current().filter(unit=successor, role__in=[*UNIT_ROLES, Role.SERVICE_OFFICE])
    key = f"handover:unit:{unit.pk}:{successor.pk}"
    _tell(list(people.values_list("pk", flat=True)), len(issues), key=key, at=at)


def _move_parts(ids: list[int], unit: Unit, successor: Unit, at: datetime) -> set[int]:
    """The running assignments. Where the successor has a part already, the more important one of the two goes on."""
    running = Assignment.objects.filter(issue__in=ids, ended_at__isnull=True)
    mine = list(running.filter(unit=unit))
    theirs = {part.issue_id: part for part in running.filter(unit=successor)}
    running.filter(unit=unit).update(ended_at=at, end=End.REASSIGNED)
    lead = Assignment.Kind.LEAD
    # A co-unit that gets the lead has no part of its own beside it; its clock ends with the part.
    raised = [part.issue_id for part in mine if part.kind == lead and part.issue_id in theirs]
    running.filter(unit=successor, issue__in=raised).update(ended_at=at, end=End.RELEASED)
    _stop(raised, f"co:{successor.pk}", at)
    doubled = [part.issue_id for part in mine if part.kind != lead and part.issue_id in theirs]
    _stop(doubled, f"co:{unit.pk}", at)
    _clocks().filter(subject_id__in=ids, part=f"co:{unit.pk}").update(part=f"co:{successor.pk}")
    Assignment.objects.bulk_create(
        Assignment(
            issue_id=part.issue_id,
            unit=successor,
            kind=part.kind,
            round=part.round,
            final=part.final,
            started_at=at,
            answered_at=part.answered_at,
        )
        for part in mine
        if part.issue_id not in doubled
    )
    return {part.issue_id for part in mine if part.kind != lead}


def _stop(ids: list[int], part: str, at: datetime) -> None:
    for issue_id in ids:
        clocks.stop(subject_kind=SUBJECT, subject_id=issue_id, reason="released", at=at, part=part)


def _move_decisions(ids: list[int], unit: Unit, successor: Unit) -> set[int]:
    """Open decisions are carried out by the successor, alone or beside the unit in charge."""
    open_ones = Decision.objects.filter(issue__in=ids, done_at__isnull=True)
    moved = set(open_ones.filter(Q(unit=unit) | Q(co_units=unit)).values_list("issue_id", flat=True))
    through = Decision.co_units.through.objects.filter(decision__in=list(open_ones.values_list("pk", flat=True)))
    there = through.filter(unit=successor).values_list("decision_id", flat=True)
    through.filter(unit=unit).exclude(decision__in=list(there)).update(unit=successor)
    through.filter(unit=unit).delete()
    open_ones.filter(unit=unit).update(unit=successor)
    through.filter(unit=F("decision__unit")).delete()
    return moved


def into_living_hands(issue: Issue, at: datetime) -> None:
    """A case that begins again where its unit has closed meanwhile: the successor has the lead."""
    unit = issue.lead_unit
    while unit and unit.valid_until is not None and unit.successor is not None:
        unit = unit.successor
    if unit is None or unit.pk == issue.lead_unit_id:
        return
    running = Assignment.objects.filter(issue=issue, ended_at__isnull=True)
    running.filter(Q(kind=Assignment.Kind.LEAD) | Q(unit=unit)).update(ended_at=at, end=End.REASSIGNED)
    Assignment.objects.create(issue=issue, unit=unit, kind=Assignment.Kind.LEAD, round=issue.round, started_at=at)
    issue.lead_unit = unit


# --- both ------------------------------------------------------------------------------------------------------------


def _clocks() -> QuerySet[Clock]:
    return Clock.objects.open().filter(subject_kind=SUBJECT)


def _locked(rows: QuerySet[Issue]) -> list[Issue]:
    ids = list(rows.order_by("pk").values_list("pk", flat=True).distinct())
    return list(Issue.objects.filter(pk__in=ids).select_for_update(of=("self",), no_key=True).order_by("pk"))


def _turn_spans(rows: QuerySet[Span], at: datetime, **holder: Post | Unit) -> None:
    """The open spans end now and go on with the new holder: lost days stay with who lost them."""
    running = list(rows.filter(ended_at__isnull=True))
    Span.objects.filter(pk__in=[span.pk for span in running]).update(ended_at=at)
    for span in running:
        span.pk, span.started_at = None, at
        for name, value in holder.items():
            setattr(span, name, value)
    Span.objects.bulk_create(running)


def _write(issues: list[Issue], told: dict[int, dict[str, Any]], actor: Actor, at: datetime) -> None:
    """An event each in the chain, and the rows, in one statement a thousand."""
    reading = readers_of_many(issues)
    post = actor.posts[0] if actor.posts else None
    events: list[Event] = []
    for issue in issues:
        issue.readers = reading[issue.pk]
        issue.version += 1
        data = {
            "as": "system" if actor.system else "admin",
            "state": issue.state,
            "from": issue.state,
            "layer": issue.layer,
            "round": issue.round,
            **told[issue.pk],
        }
        user_id = actor.user.pk if actor.user else None
        events.append(
            chain.following(issue, kind=HAND_OVER, at=at, post=post, user_id=user_id, data=data, public=False)
        )
    Event.objects.bulk_create(events, batch_size=1000)
    Issue.objects.bulk_update(issues, FIELDS, batch_size=1000)


def _tell(posts: list[int], count: int, *, key: str, at: datetime) -> None:
    notify(key=key, posts=posts, kind=Kind.TODO, word=HAND_OVER, ref=str(count), path=INBOX, at=at)


def register() -> None:
    hooks.on_post_end(post_ends, work=work)
    hooks.on_unit_close(unit_closes)
