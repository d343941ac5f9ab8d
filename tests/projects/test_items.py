"""What becomes of plan items, and the clocks, days and facts that hang on it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import SYSTEM
from accounts.roles import Role
from accounts.services import close_unit, end_post
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from deadlines.models import Clock
from deadlines.services.sweep import sweep
from documents.models import Attachment
from documents.registry import may_read
from notices.models import Notice
from projects.models import Enterprise, PlanItem, Project
from projects.services import assign_item, drop_item, finish_item, name_manager, refuse_item, return_item, start_item
from tests.accounts import cast
from tests.projects.planning import approval, item, officer, project

pytestmark = pytest.mark.django_db
MONDAY = clock.parse("2026-03-02T10:00")


def day(number: int) -> clock.datetime:
    """A day of March 2026: 2 and 9 are Mondays, none is off but the weekends."""
    return clock.parse(f"2026-03-{number:02}T11:00")


def deadline(one: PlanItem) -> Clock:
    return Clock.objects.get(subject_kind="project", subject_id=one.project_id, kind="approval", part=str(one.pk))


def swept(*instants: clock.datetime) -> None:
    for instant in instants:
        with clock.at(instant):
            sweep(instant)


def test_an_approval_runs_against_its_promised_days() -> None:
    of = project()
    one, who = approval(of), officer(of)
    with clock.at(MONDAY):
        start_item(actor=who, item_id=one.pk)
    started = deadline(one)
    assert clock.local(started.due_at).strftime("%m-%d %H:%M") == "03-09 18:00"
    assert (started.amount, started.holder_unit, started.subject_ref) == (5, of.unit, of.code)
    one.refresh_from_db()
    assert (one.state, one.planned_end, one.baseline_end) == ("running", date(2026, 3, 9), date(2026, 3, 9))
    with clock.at(day(6)):
        finish_item(actor=who, item_id=one.pk, text="已批复")
    one.refresh_from_db()
    assert (one.state, one.taken_days, one.ended_on, one.note) == ("done", 4, date(2026, 3, 6), "已批复")
    assert deadline(one).met_at is not None
    assert deadline(one).breached_at is None


def test_returned_days_do_not_count() -> None:
    of = project()
    one, who = approval(of), officer(of)
    with clock.at(MONDAY):
        start_item(actor=who, item_id=one.pk)
    with clock.at(day(3)):
        return_item(actor=who, item_id=one.pk, text="缺图纸")
    assert deadline(one).paused_at is not None
    with clock.at(day(3)), pytest.raises(Conflict):
        finish_item(actor=who, item_id=one.pk)
    with clock.at(day(6)):
        start_item(actor=who, item_id=one.pk, text="已补齐")
    running = deadline(one)
    assert clock.local(running.due_at).strftime("%m-%d") == "03-12"  # Tue, Wed and Thu were lost
    with clock.at(day(10)):
        finish_item(actor=who, item_id=one.pk)
    one.refresh_from_db()
    assert (one.times_returned, one.taken_days, one.started_on) == (1, 3, date(2026, 3, 2))


def test_a_returned_approval_runs_again_on_its_day() -> None:
    with clock.at(MONDAY):
        of = project()
        one, who = approval(of), officer(of)
        start_item(actor=who, item_id=one.pk)
        for wrong in (day(2), day(2) + timedelta(days=120)):
            with pytest.raises(ValidationError) as caught:
                return_item(actor=who, item_id=one.pk, text="缺图纸", until=wrong.date())
            assert list(caught.value.message_dict) == ["until"]
        return_item(actor=who, item_id=one.pk, text="缺图纸", until=date(2026, 3, 5))
    swept(day(4), clock.parse("2026-03-05T08:59"))
    assert deadline(one).paused_at is not None
    swept(day(5), day(5))
    one.refresh_from_db()
    assert (one.state, deadline(one).paused_at) == ("running", None)
    assert clock.local(deadline(one).due_at).strftime("%m-%d") == "03-12"  # Mon, Tue and Wed were lost
    assert Notice.objects.filter(user=who.user, word="return.over").count() == 1
    returned = one.returns.get()
    assert (returned.until, returned.taken_up_at is not None) == (date(2026, 3, 5), True)


def test_a_return_has_a_day_even_if_none_is_told() -> None:
    one = approval(project())
    with clock.at(MONDAY):
        start_item(actor=SYSTEM, item_id=one.pk)
        return_item(actor=SYSTEM, item_id=one.pk, text="缺图纸")
    assert one.returns.get().until == date(2026, 3, 23)
    assert deadline(one).pauses.get().wakes_on == date(2026, 3, 23)


def test_calendar_days() -> None:
    one = approval(project(), promised=3, day_kind="cd")
    with clock.at(day(5)):
        start_item(actor=SYSTEM, item_id=one.pk)
    assert clock.local(deadline(one).due_at).strftime("%m-%d") == "03-08"
    with clock.at(day(9)):
        finish_item(actor=SYSTEM, item_id=one.pk)
    one.refresh_from_db()
    assert one.taken_days == 4
    assert deadline(one).breached_at == deadline(one).due_at


def test_reported_later_but_done_in_time() -> None:
    one = approval(project(), promised=1)
    with clock.at(day(6)):
        start_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 3, 2))
        assert clock.local(deadline(one).due_at).strftime("%m-%d") == "03-03"
        with pytest.raises(ValidationError) as caught:  # nobody undoes a breach by a word
            finish_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 3, 3))
        assert list(caught.value.message_dict) == ["file"]
        with pytest.raises(ValidationError):
            refuse_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 3, 3), text="不符合规划")
        paper = SimpleUploadedFile("批文.txt", "三月三日准予许可".encode())
        finish_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 3, 3), file=paper)
    assert deadline(one).breached_at is None
    one.refresh_from_db()
    assert one.taken_days == 1


def test_reported_late_as_late_takes_no_paper() -> None:
    one = approval(project(), promised=1)
    with clock.at(day(6)):
        start_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 3, 2))
        finish_item(actor=SYSTEM, item_id=one.pk, on=date(2026, 3, 5))
    assert deadline(one).breached_at is not None


def test_refused() -> None:
    of = project()
    one, who = approval(of), officer(of)
    start_item(actor=who, item_id=one.pk)
    with pytest.raises(ValidationError):
        refuse_item(actor=who, item_id=one.pk, text="")
    return_item(actor=who, item_id=one.pk, text="缺图纸")
    refuse_item(actor=who, item_id=one.pk, text="不符合规划")
    one.refresh_from_db()
    assert (one.state, one.taken_days) == ("refused", 0)
    assert deadline(one).met_at is not None
    task = item(of)
    start_item(actor=who, item_id=task.pk)
    for verb in (refuse_item, return_item):
        with pytest.raises(Conflict):
            verb(actor=who, item_id=task.pk, text="x")


def test_dropped() -> None:
    one = approval(project())
    start_item(actor=SYSTEM, item_id=one.pk)
    with pytest.raises(PermissionDenied):
        drop_item(actor=officer(one.project), item_id=one.pk, text="不需要")
    drop_item(actor=cast.actor(Role.COORDINATOR), item_id=one.pk, text="不需要")
    assert deadline(one).stop_reason == "dropped"
    with pytest.raises(Conflict):
        start_item(actor=SYSTEM, item_id=one.pk)


def test_a_milestone_writes_its_day_once() -> None:
    of = project()
    one = item(of, "milestone", key="signed")
    finish_item(actor=officer(of), item_id=one.pk, on=date(2026, 3, 2))
    of.refresh_from_db()
    assert (of.signed_on, of.version) == (date(2026, 3, 2), 2)
    known = project()
    started = item(known, "milestone", key="started")
    Project.objects.filter(pk=known.pk).update(started_on=date(2025, 1, 1))
    finish_item(actor=SYSTEM, item_id=started.pk)
    known.refresh_from_db()
    assert (known.started_on, known.version) == (date(2025, 1, 1), 1)
    finish_item(actor=SYSTEM, item_id=item(known, "task").pk)
    assert Project.objects.get(pk=known.pk).signed_on is None


def test_days_are_refused() -> None:
    one = approval(project())
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(ValidationError):
        start_item(actor=SYSTEM, item_id=one.pk, on=tomorrow)
    with pytest.raises(Conflict):  # when it began must be known
        finish_item(actor=SYSTEM, item_id=one.pk)
    start_item(actor=SYSTEM, item_id=one.pk)
    for on in (tomorrow, clock.today() - timedelta(days=1)):
        with pytest.raises(ValidationError):
            finish_item(actor=SYSTEM, item_id=one.pk, on=on)
    one.refresh_from_db()
    assert (one.state, deadline(one).met_at) == ("running", None)


def test_evidence_is_for_staff_that_see_the_project() -> None:
    of = project()
    firm = Enterprise.objects.create(name="甲厂", pinyin="x", created_at=clock.now())
    Project.objects.filter(pk=of.pk).update(enterprise=firm)
    one = item(of)
    finish_item(actor=officer(of), item_id=one.pk, file=SimpleUploadedFile("批文.txt", "同意".encode()))
    file = Attachment.objects.get(subject_kind="plan_item", subject_id=one.pk)
    assert may_read(officer(of), file)
    assert not may_read(cast.actor(Role.UNIT_OFFICER), file)
    assert not may_read(cast.actor(Role.ENTERPRISE, enterprise_id=firm.pk), file)


def test_whose_it_is() -> None:
    one = approval(project())
    for role in (Role.SPECIALIST, Role.LEADER, Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR):
        who = cast.actor(role, one.project.unit)
        visible = Project.objects.visible_to(who).exists()
        with pytest.raises(PermissionDenied if visible else Exception):
            start_item(actor=who, item_id=one.pk)
    start_item(actor=cast.actor(Role.UNIT_HEAD, one.project.unit), item_id=one.pk)


def test_another_unit_answers_for_it_and_its_limit() -> None:
    of, desk = project(), cast.unit()
    one, who = approval(of), cast.actor(Role.COORDINATOR)
    start_item(actor=SYSTEM, item_id=one.pk)
    with pytest.raises(PermissionDenied):
        assign_item(actor=officer(of), item_id=one.pk, unit=desk)
    assign_item(actor=who, item_id=one.pk, unit=desk)
    assert deadline(one).holder_unit == desk
    with pytest.raises(PermissionDenied):  # no longer theirs
        finish_item(actor=officer(of), item_id=one.pk)
    assign_item(actor=who, item_id=one.pk, unit=None)
    assert deadline(one).holder_unit == of.unit
    finish_item(actor=officer(of), item_id=one.pk)
    with pytest.raises(Conflict):
        assign_item(actor=who, item_id=one.pk, unit=desk)


def test_the_limit_follows_the_manager_and_the_units_successor() -> None:
    of = project()
    one = approval(of)
    start_item(actor=SYSTEM, item_id=one.pk)
    leader = cast.post(Role.LEADER, cast.unit())
    name_manager(actor=cast.actor(Role.COORDINATOR), code=of.code, post=leader, reason="签约")
    assert deadline(one).leader == leader
    heir = cast.post(Role.LEADER, cast.unit())
    end_post(actor=cast.actor(Role.SECURITY_ADMIN), post_id=leader.pk, heir_id=heir.pk)
    assert deadline(one).leader == heir
    successor = cast.unit()
    close_unit(actor=SYSTEM, unit_id=of.unit.pk, on=clock.today(), successor=successor)
    assert deadline(one).holder_unit == successor
