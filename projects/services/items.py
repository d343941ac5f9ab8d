"""What becomes of a plan item: begun, returned, done, refused, dropped. An approval runs against its promised days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import SYSTEM, Actor
from accounts.models import Unit
from accounts.services._steps import changed
from common import clock
from common.errors import Conflict, ValidationError, require
from deadlines import calendar
from deadlines.models import Clock
from deadlines.services import clocks
from deadlines.states import ClockKind
from documents.models import Attachment
from documents.services.attach import Prepared, attach, prepare
from projects import messages
from projects.models import PlanItem, PlanReturn, Project
from projects.policy import responsible_unit
from projects.services._steps import check, living_unit, not_future, note
from projects.services.plan import in_state, take_item
from projects.states import MILESTONES, OPEN_ITEMS, SUBJECT, DayKind, ItemKind, ItemState

EVIDENCE = "plan_item"
RETURN_DAYS, MOST_RETURN_DAYS = 15, 60  # working days that the applicant has to complete the papers
REPORTED = ("state", "note", "reported_at", "reported_by", "started_on", "planned_end", "baseline_end")


@transaction.atomic
def start_item(*, actor: Actor, item_id: int, on: date | None = None, text: str = "") -> PlanItem:
    """Begun ``on`` that day, today unless told; or taken up again after a return, which is always now. From then on an
    approval's promised days run. 404, 403, 409, 400."""
    item = take_item(actor, item_id, "start_item")
    in_state(item, ItemState.PENDING, ItemState.RETURNED)
    if item.state == ItemState.RETURNED:
        clocks.resume(**_clock(item), at=clock.now())
        item.returns.filter(taken_up_at__isnull=True).update(taken_up_at=clock.now())
    else:
        item.started_on = _day(on)
        _start_clock(item)
    _report(item, actor, ItemState.RUNNING, text)
    note(actor, "start_item", item, item.project.code, item=item.name, on=str(item.started_on))
    return item


@transaction.atomic
def return_item(*, actor: Actor, item_id: int, text: str, until: date | None = None) -> PlanItem:
    """The papers are not complete: the limit stands still until it is taken up again, at the latest at the opening of
    ``until`` (15 working days ahead unless told, 60 at most), and it is counted. 404, 403, 409, 400."""
    item = take_item(actor, item_id, "return_item")
    in_state(item, ItemState.RUNNING)
    if item.kind != ItemKind.APPROVAL:
        raise Conflict(_("Only an approval can be returned."), state=item.state)
    require(text=(text.strip(), _("Say what is missing.")))
    until = _until(until)
    item.times_returned += 1
    _report(item, actor, ItemState.RETURNED, text, "times_returned")
    item.returns.create(at=clock.now(), text=item.note, by=actor.user, until=until)
    clocks.pause(**_clock(item), reason=text.strip()[:200], awaited=_awaited(item), wakes_on=until, at=clock.now())
    note(actor, "return_item", item, item.project.code, item=item.name, text=text, until=str(until))
    return item


def wake(project_id: int, now: datetime) -> None:
    """Returned approvals whose day has come run again, whether or not what was missing has come in."""
    open_ones = PlanReturn.objects.filter(taken_up_at__isnull=True, until__lte=calendar.day_of(now))
    for found in open_ones.filter(item__project=project_id, item__state=ItemState.RETURNED).order_by("until", "pk"):
        start_item(actor=SYSTEM, item_id=found.item_id, text=_("The days for completing the papers are over."))
        messages.tell_of_return_over(found, at=now)


@transaction.atomic
def _finish(actor: Actor, item_id: int, on: date | None, text: str, file: Prepared | None) -> PlanItem:
    item = take_item(actor, item_id, "finish_item")
    if item.kind == ItemKind.APPROVAL:
        in_state(item, ItemState.RUNNING)  # when it began must be known: its days are counted
    else:
        in_state(item, ItemState.PENDING, ItemState.RUNNING)
    if file is None and _says_in_time(item, _day(on)):
        raise ValidationError({"file": [_("Its limit has passed: attach the paper that shows this earlier day.")]})
    _end(item, on)
    _report(item, actor, ItemState.DONE, text, "ended_on", "taken_days")
    reached = _reach_milestone(item)
    if file is not None:
        _keep(item, actor, file)
    note(actor, "finish_item", item, item.project.code, item=item.name, on=str(item.ended_on), **reached)
    return item


def finish_item(
    *, actor: Actor, item_id: int, on: date | None = None, text: str = "", file: File | Prepared | None = None
) -> PlanItem:
    """Done, or granted, ``on`` that day. A milestone's day becomes the project's own, unless that is known already.
    ``file`` is the evidence; an earlier day than a limit that has passed takes it. 404, 403, 409, 400."""
    # Checking a file takes up to a second: before anything is locked.
    prepared = file if file is None or isinstance(file, Prepared) else prepare(file)
    return _finish(actor, item_id, on, text, prepared)


@transaction.atomic
def refuse_item(*, actor: Actor, item_id: int, text: str, on: date | None = None) -> PlanItem:
    """An approval is refused: its limit is met by that as well. 404, 403, 409, 400."""
    item = take_item(actor, item_id, "refuse_item")
    in_state(item, ItemState.RUNNING, ItemState.RETURNED)
    if item.kind != ItemKind.APPROVAL:
        raise Conflict(_("Only an approval can be refused."), state=item.state)
    require(text=(text.strip(), _("Say why.")))
    on = clock.today() if item.state == ItemState.RETURNED else _day(on)
    if _says_in_time(item, on):
        raise ValidationError({"on": [_("Its limit has passed already: it is refused as of today.")]})
    _end(item, on)
    _report(item, actor, ItemState.REFUSED, text, "ended_on", "taken_days")
    note(actor, "refuse_item", item, item.project.code, item=item.name, text=text)
    return item


@transaction.atomic
def drop_item(*, actor: Actor, item_id: int, text: str) -> PlanItem:
    """The project does not need it: its clock stops and counts nowhere. A gate that asks for it still does. 404, 403,
    409, 400."""
    item = take_item(actor, item_id, "drop_item")
    in_state(item, *OPEN_ITEMS)
    require(text=(text.strip(), _("Say why.")))
    clocks.stop(**_clock(item), reason="dropped", at=clock.now())
    _report(item, actor, ItemState.DROPPED, text)
    note(actor, "drop_item", item, item.project.code, item=item.name, text=text)
    return item


@transaction.atomic
def assign_item(*, actor: Actor, item_id: int, unit: Unit | None) -> PlanItem:
    """Another unit answers for it from now on, the project's own for None; a limit that runs goes with it. 404, 403,
    409, 400."""
    item = take_item(actor, item_id, "assign_item")
    in_state(item, *OPEN_ITEMS)
    living_unit(unit)
    differences = changed(item, {"unit": unit})
    if differences:
        item.save(update_fields=["unit"])
        clocks.hold(**_clock(item), holder_unit_id=responsible_unit(item))
        note(actor, "assign_item", item, item.project.code, item=item.name, changes=differences)
    return item


# --- what the verbs share --------------------------------------------------------------------------------------------


def _day(on: date | None) -> date:
    day = on or clock.today()
    not_future("on", day)
    return day


def _until(until: date | None) -> date:
    today = clock.today()
    day = until or calendar.add_working_days(today, RETURN_DAYS)
    if day <= today:
        raise ValidationError({"until": [_("This day must be later than today.")]})
    if day > calendar.add_working_days(today, MOST_RETURN_DAYS):
        raise ValidationError({"until": [_("At most %(n)d working days ahead.") % {"n": MOST_RETURN_DAYS}]})
    return day


def _report(item: PlanItem, actor: Actor, state: str, text: str, *fields: str) -> None:
    item.state, item.note = state, text.strip()
    item.reported_at, item.reported_by = clock.now(), actor.user
    check(item)
    item.save(update_fields=[*REPORTED, *fields])
    if state not in OPEN_ITEMS:  # a later date that still waits has lost its object
        waiting = item.revisions.filter(granted__isnull=True)
        waiting.update(granted=False, ruled_at=clock.now(), ruling=item.get_state_display())


def _end(item: PlanItem, on: date | None) -> None:
    item.ended_on = _day(on)
    item.started_on = item.started_on or item.ended_on
    if item.ended_on < item.started_on:
        raise ValidationError({"on": [_("It was begun later than that.")]})
    if item.kind == ItemKind.APPROVAL:
        at = clock.now() if item.ended_on == clock.today() else calendar.close_of_business(item.ended_on)
        ended = clocks.meet(**_clock(item), at=at)
        item.taken_days = _taken(item, ended)


def _says_in_time(item: PlanItem, on: date) -> bool:
    """A report of today that an approval ended on a day within its limit, which has passed meanwhile: nobody undoes a
    breach by a word."""
    if item.kind != ItemKind.APPROVAL or on == clock.today():
        return False
    running = Clock.objects.open().filter(**_key(item), due_at__lt=clock.now(), paused_at__isnull=True)
    return running.filter(due_at__gte=calendar.close_of_business(on)).exists()


def _taken(item: PlanItem, ended: list[Clock]) -> int:
    """Days in the item's own kind, without those in which it was returned."""
    assert item.started_on
    assert item.ended_on
    days = (item.ended_on - item.started_on).days
    if item.day_kind == DayKind.WORKING:
        days = calendar.working_days_between(item.started_on, item.ended_on)
    return max(days - sum(pause.lost for one in ended for pause in one.pauses.all()), 0)


def _reach_milestone(item: PlanItem) -> dict[str, Any]:
    field = MILESTONES.get(item.key) if item.kind == ItemKind.MILESTONE else None
    if field is None or getattr(item.project, field) is not None:
        return {}
    setattr(item.project, field, item.ended_on)
    item.project.version += 1
    item.project.save(update_fields=[field, "version"])
    return {field: str(item.ended_on)}


def _key(item: PlanItem) -> dict[str, Any]:
    return {"subject_kind": SUBJECT, "subject_id": item.project_id, "part": str(item.pk)}


def _clock(item: PlanItem) -> dict[str, Any]:
    return {**_key(item), "kinds": [ClockKind.APPROVAL]}


def _start_clock(item: PlanItem) -> None:
    if item.kind != ItemKind.APPROVAL or item.promised_days is None:
        return
    assert item.started_on
    started = clocks.start(
        subject_kind=SUBJECT,
        subject_id=item.project_id,
        subject_ref=item.project.code,
        kind=ClockKind.APPROVAL,
        part=str(item.pk),
        at=_begin(item.started_on),
        amount=item.promised_days,
        unit=str(item.day_kind),
        holder_unit_id=responsible_unit(item),
        leader_id=item.project.manager_id,
    )
    if item.planned_end is None:  # what was promised is the plan
        item.planned_end = item.baseline_end = calendar.day_of(started.due_at)


def _begin(day: date) -> datetime:
    return clock.now() if day == clock.today() else calendar.opening(day)


def _awaited(item: PlanItem) -> str:
    project: Project = item.project
    return (project.enterprise.name if project.enterprise else project.investor or project.name)[:100]


def _keep(item: PlanItem, actor: Actor, file: Prepared) -> None:
    attach(
        actor=actor,
        subject_kind=EVIDENCE,
        subject_id=item.pk,
        file=file,
        by=Attachment.By.STAFF,
        public=False,
        unit_id=responsible_unit(item),
        at=clock.now(),
    )
