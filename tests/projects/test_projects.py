"""Projects entered, changed, described, dated; and in which order every verb on one refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import AuditEntry
from accounts.policy import can
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects import services
from projects.models import Parcel, Project
from projects.states import MILESTONES, OVER
from tests.accounts import cast
from tests.projects import life

pytestmark = pytest.mark.django_db
DESK = {Role.COORDINATOR}
UNIT = {Role.UNIT_OFFICER, Role.UNIT_HEAD}
Given = Callable[[Project], dict[str, Any]]


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def given(**values: object) -> Given:
    return lambda _of: values


# verb → who may, the stage it needs, what is bad about this, and whether it takes a version.
VERBS: dict[str, tuple[set[str], Given, bool]] = {
    "change_project": (DESK, given(name=" "), True),
    "describe_project": (DESK | UNIT, given(land_area=Decimal(-1)), True),
    "record_date": (DESK | UNIT, lambda _of: {"field": "talks_on", "on": tomorrow()}, True),
    "correct_date": (DESK, given(field="signed_on", on=None, reason=" "), True),
    "name_manager": (DESK, lambda of: {"post": cast.post(Role.UNIT_HEAD, of.unit)}, True),
    "end_manager": (DESK, lambda of: {"manager_id": of.managers.get().pk, "reason": " "}, True),
    "name_member": (DESK, lambda _of: {"post": life.leader(), "duty": "boss"}, True),
    "end_member": (DESK, lambda of: {"member_id": of.team.get().pk, "reason": " "}, True),
    "override_gate": (DESK, given(reason=" "), True),
    "terminate": (DESK, given(reason=" "), True),
    "record_first_talk": (DESK | UNIT, lambda _of: {"owner": life.leader(), "on": tomorrow()}, False),
    "evaluate": (DESK, given(scores={}, favourable=True, opinion="x"), False),
    "recommend_park": (DESK, lambda of: {"park": of.unit, "leader": life.leader()}, False),
    "record_review": (DESK, lambda of: {"kind": "noise", "passed": True, "text": "x", "unit": of.unit}, False),
    "record_decision": (DESK, lambda _of: {"tier": "park", "favourable": True, "on": tomorrow(), "number": "1"}, False),
}


def whole() -> Project:
    """Where every verb has something to do: with a lead, a manager, a member, and one day known."""
    of = life.lead()
    services.name_manager(actor=SYSTEM, code=of.code, post=life.leader())
    post = cast.post(Role.SPECIALIST, cast.unit())
    services.name_member(actor=SYSTEM, code=of.code, post=post, duty="specialist")
    services.record_date(actor=SYSTEM, code=of.code, field="signed_on", on=clock.today())
    of.refresh_from_db()
    return of


@pytest.mark.parametrize("name", VERBS)
def test_in_which_order_a_verb_refuses(coordinator: Actor, name: str) -> None:
    _roles, bad, versioned = VERBS[name]
    of, verb = whole(), getattr(services, name)
    worst = {"code": of.code, **bad(of), **({"version": of.version + 1} if versioned else {})}
    now = {**worst, **({"version": of.version} if versioned else {})}
    stranger, watcher = cast.actor(Role.UNIT_HEAD), cast.actor(Role.AUDITOR)
    before = AuditEntry.objects.count()
    with pytest.raises(NotVisible):
        verb(actor=stranger, **worst)
    with pytest.raises(NotVisible):
        verb(actor=coordinator, **{**worst, "code": "nobodys"})
    if versioned:
        with pytest.raises(Conflict) as caught:
            verb(actor=watcher, **worst)
        assert (caught.value.code, caught.value.facts["version"]) == ("version", of.version)
    with pytest.raises(PermissionDenied):
        verb(actor=watcher, **now)
    with pytest.raises(ValidationError):
        verb(actor=coordinator, **now)
    for stage in OVER:
        Project.objects.filter(pk=of.pk).update(stage=stage)
        with pytest.raises(PermissionDenied):
            verb(actor=watcher, **now)
        # What was recorded wrongly is put right even when all is over.
        with pytest.raises(ValidationError if name == "correct_date" else Conflict):
            verb(actor=coordinator, **now)
    of.refresh_from_db()
    assert (of.version, AuditEntry.objects.count()) == (now.get("version", of.version), before)


def people_of(of: Project) -> dict[str, Actor]:
    """One of each role, each with a hold on the project where the role can have one."""
    firm = services.create_enterprise(actor=SYSTEM, name="禾曦食品")
    Project.objects.filter(pk=of.pk).update(enterprise=firm)
    office = cast.unit()
    leader = of.managers.get().post
    services.create_line(actor=SYSTEM, name="线", year=clock.today().year, leader=leader, office=office, units=[])
    places = dict.fromkeys(UNIT, of.unit) | {Role.SERVICE_OFFICE: office}
    people = {
        role: cast.actor(role, places.get(role))
        for role in Role
        if role not in (Role.ENTERPRISE, Role.LEADER, Role.SPECIALIST)
    }
    return people | {
        Role.ENTERPRISE: cast.actor(Role.ENTERPRISE, enterprise_id=firm.pk),
        Role.LEADER: actor_for(leader.user),
        Role.SPECIALIST: actor_for(of.team.get().post.user),
    }


def test_who_may_do_what_with_a_project_that_they_see() -> None:
    of = whole()
    people = people_of(of)
    of.refresh_from_db()
    seen = {role for role, actor in people.items() if Project.objects.visible_to(actor).filter(pk=of.pk).exists()}
    assert seen == {
        Role.COORDINATOR, Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR, *UNIT, Role.LEADER, Role.SERVICE_OFFICE,
        Role.SPECIALIST, Role.ENTERPRISE,
    }  # fmt: skip
    more = {
        "advance": DESK | UNIT, "add_project_file": DESK | UNIT, "strike_off": DESK, "issue_brief": DESK,
        "move_projects": DESK, "give_opinion": {Role.LEADER, Role.CHIEF}, "answer_park": set(),
    }  # fmt: skip
    for verb, roles in {**{name: row[0] for name, row in VERBS.items()}, **more}.items():
        may = {role for role, actor in people.items() if role in seen and can(actor, verb, of)}
        assert may == roles, verb
    services.recommend_park(
        actor=SYSTEM, code=of.code, park=cast.unit(kind=UnitKind.PARK), leader=of.managers.get().post
    )  # fmt: skip
    assert {role for role in seen if can(people[role], "answer_park", of)} == {Role.LEADER, Role.SERVICE_OFFICE}


def test_the_lead_unit_and_a_unit_above_stand_behind_it_and_no_neighbour() -> None:
    above = cast.unit()
    unit, neighbour, leads = cast.unit(parent=above), cast.unit(parent=above), cast.unit()
    of = life.lead(unit=unit, lead_unit=leads)
    for place, may in ((unit, True), (above, True), (leads, True), (neighbour, False)):
        actor = cast.actor(Role.UNIT_HEAD, place)
        if not may:
            with pytest.raises(NotVisible):
                services.describe_project(actor=actor, code=of.code, place="甲")
            continue
        services.describe_project(actor=actor, code=of.code, place=place.name)
    town = cast.unit(kind=UnitKind.TOWN)
    services.change_project(actor=SYSTEM, code=of.code, town=town)
    with pytest.raises(PermissionDenied):  # sees it, but others answer for it
        services.describe_project(actor=cast.actor(Role.UNIT_HEAD, town), code=of.code, place="甲")


# --- entered and changed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["", " ", "-", "-a", "a b", "a/b", "a\\b", "a.b", "a?b", "x" * 33, "项目\n1", "a%2fb"])
def test_codes_that_no_address_can_hold(coordinator: Actor, code: str) -> None:
    with pytest.raises(ValidationError) as caught:
        services.create_project(actor=coordinator, code=code, name="园区")
    assert list(caught.value.message_dict) == ["code"]


def test_create_project(coordinator: Actor) -> None:
    made = services.create_project(
        actor=coordinator, code=" 重点-2026_01 ", name=" 园区 ", total_investment=Decimal("1.23")
    )
    assert (made.code, made.name, made.stage, made.stage_since) == ("重点-2026_01", "园区", "planning", clock.today())
    for wrong in (
        {"code": made.code}, {"name": ""}, {"total_investment": Decimal(-1)}, {"total_investment": Decimal("1.234")},
        {"level": "world"}, {"town": cast.unit()}, {"park": cast.unit(kind=UnitKind.TOWN)},
        {"parcels": [{"number": "A", "area": 1}, {"number": "A", "area": 2}]},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            services.create_project(actor=coordinator, **{"code": "P-9", "name": "x", **wrong})
    with pytest.raises(TypeError):
        services.create_project(actor=coordinator, code="P-9", name="x", stage="operation")
    assert Project.objects.count() == 1
    assert Parcel.objects.count() == 0


def test_changes_are_told_and_nothing_is_told_of_no_change(coordinator: Actor) -> None:
    of = life.project()
    parcels = [{"number": "BG-02", "area": Decimal("3.5"), "state": "building"}, {"number": "BG-01", "area": 1}]
    services.change_project(
        actor=coordinator, code=of.code, version=of.version, name="新园", content="秘密工艺", parcels=parcels
    )  # fmt: skip
    entry = AuditEntry.objects.get(act="change_project")
    assert set(entry.detail["changes"]) == {"name", "content", "parcels"}
    assert "秘密工艺" not in str(entry.detail)
    of.refresh_from_db()
    assert (of.version, of.pinyin[:3]) == (2, "xin")
    services.change_project(actor=coordinator, code=of.code, version=2, name="新园", parcels=parcels[::-1])
    of.refresh_from_db()
    assert (of.version, AuditEntry.objects.filter(act="change_project").count()) == (2, 1)
    services.describe_project(actor=coordinator, code=of.code, parcels=[])
    assert not of.parcels.exists()
    with pytest.raises(TypeError):
        services.describe_project(actor=coordinator, code=of.code, name="不归它改")


def test_the_unit_goes_on_when_others_facts_have_aged(officer: Actor) -> None:
    """A kind of unit that changed, an enterprise that was merged: not what the unit describes."""
    old, into = (services.create_enterprise(actor=SYSTEM, name=name) for name in ("旧名", "新名"))
    of = life.project(unit=officer.posts[0].unit, enterprise=old)
    services.merge_enterprise(actor=SYSTEM, enterprise_id=old.pk, into_id=into.pk)
    services.describe_project(actor=officer, code=of.code, place="滨江路")
    of.refresh_from_db()
    assert (of.enterprise, of.place) == (into, "滨江路")


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", MILESTONES.values())
def test_a_day_is_written_once_and_corrected_with_a_reason(coordinator: Actor, field: str) -> None:
    of = life.project()
    unit = cast.actor(Role.UNIT_OFFICER, of.unit)
    before = clock.today() - timedelta(days=9)
    with pytest.raises(Conflict) as caught:
        services.correct_date(actor=coordinator, code=of.code, field=field, on=before, reason="误录")
    assert caught.value.code == "not_recorded"
    services.record_date(actor=unit, code=of.code, field=field, on=before)
    for actor in (unit, coordinator):
        with pytest.raises(Conflict) as caught:
            services.record_date(actor=actor, code=of.code, field=field, on=clock.today())
        assert (caught.value.code, caught.value.facts["day"]) == ("recorded", str(before))
    with pytest.raises(PermissionDenied):
        services.correct_date(actor=unit, code=of.code, field=field, on=clock.today(), reason="误录")
    with pytest.raises(ValidationError):
        services.correct_date(actor=coordinator, code=of.code, field=field, on=tomorrow(), reason="误录")
    services.correct_date(actor=coordinator, code=of.code, field=field, on=clock.today(), reason="误录")
    detail = AuditEntry.objects.get(act="correct_date").detail
    assert (detail["changes"], detail["reason"]) == ({field: [str(before), str(clock.today())]}, "误录")
    of.refresh_from_db()
    assert getattr(of, field) == clock.today()


@pytest.mark.parametrize("field", ["stage_since", "created_at", "stage", "version", "nonsense"])
def test_no_other_field_is_a_day(coordinator: Actor, field: str) -> None:
    of = life.project()
    for verb, more in ((services.record_date, {}), (services.correct_date, {"reason": "x"})):
        with pytest.raises(TypeError):
            verb(actor=coordinator, code=of.code, field=field, on=clock.today(), **more)


def test_only_two_kinds_of_file_and_only_a_sound_one(coordinator: Actor) -> None:
    of = life.project()
    for name, data in (("协议.exe", b"MZ"), ("协议.pdf", b"no pdf"), ("协议.txt", b"")):
        with pytest.raises(ValidationError):
            services.add_project_file(
                actor=coordinator, code=of.code, file=SimpleUploadedFile(name, data), kind="agreement"
            )  # fmt: skip
    with pytest.raises(NotVisible):
        life.agreement(of, cast.actor(Role.UNIT_HEAD))
    with pytest.raises(PermissionDenied):
        life.agreement(of, cast.actor(Role.AUDITOR))
