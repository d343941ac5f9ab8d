"""Enterprises: entered, changed, merged; credit codes; who sees which."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as independent

from accounts.actors import ANONYMOUS, SYSTEM, Actor, actor_for
from accounts.models import AuditEntry, Unit
from accounts.policy import readers_of
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from projects import codes, policy
from projects.models import Enterprise, Line, Project
from projects.services import change_enterprise, create_enterprise, create_line, create_project, merge_enterprise
from tests.accounts import cast

GOOD, BAD = "91500101MA5UKYLM0K", "91500101MA5UKYLM0X"


def make(name: str = "云岫生物", **fields: object) -> Enterprise:
    return create_enterprise(actor=SYSTEM, name=name, **fields)


def town(name: str = "双溪街道") -> Unit:
    return cast.unit(name, UnitKind.TOWN)


def test_create_enterprise(coordinator: Actor) -> None:
    made = create_enterprise(
        actor=coordinator, name=" 云岫生物 ", uscc=" 9150 0101 ma5u kylm0k ", town=town(), contact_phone="13800000000"
    )
    made.refresh_from_db()
    assert (made.name, made.pinyin, made.uscc) == ("云岫生物", "yunxiushengwu", GOOD)
    entry = AuditEntry.objects.get(act="create_enterprise")
    assert entry.post.role == Role.COORDINATOR
    assert "138" not in str(entry.detail)


def test_only_the_coordinator(officer: Actor) -> None:
    for actor in (officer, cast.actor(Role.CHIEF), cast.actor(Role.SYSTEM_ADMIN), ANONYMOUS):
        with pytest.raises(PermissionDenied):
            create_enterprise(actor=actor, name="甲")
    made = make(town=officer.posts[0].unit if officer.posts[0].unit.kind == UnitKind.TOWN else None)
    with pytest.raises(NotVisible):
        change_enterprise(actor=officer, enterprise_id=made.pk, name="乙")
    with pytest.raises(PermissionDenied):
        change_enterprise(actor=cast.actor(Role.CHIEF), enterprise_id=made.pk, name="乙")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"uscc": BAD}, "uscc"),
        ({"uscc": "123"}, "uscc"),
        ({"uscc": "9150010IMA5UKYLM0K"}, "uscc"),
        ({"uscc": "堃" * 18}, "uscc"),
        ({"uscc": BAD, "override_reason": "  "}, "uscc"),
        ({"uscc": "123", "override_reason": "执照如此"}, "uscc"),
        ({"name": ""}, "name"),
    ],
)
def test_bad_data_is_named(coordinator: Actor, fields: dict, named: str) -> None:
    with pytest.raises(ValidationError) as caught:
        create_enterprise(actor=coordinator, **({"name": "甲"} | fields))
    assert named in caught.value.message_dict
    assert not Enterprise.objects.exists()


def test_a_wrong_check_character_needs_a_reason_which_is_kept(coordinator: Actor) -> None:
    made = create_enterprise(actor=coordinator, name="甲", uscc=BAD, override_reason="营业执照如此")
    assert made.uscc == BAD
    assert AuditEntry.objects.get(act="create_enterprise").detail["override_reason"] == "营业执照如此"
    changed = change_enterprise(actor=coordinator, enterprise_id=made.pk, name="乙")  # the code is not asked again
    assert changed.name == "乙"


def test_a_code_is_one_enterprises_and_none_is_nobodys(coordinator: Actor) -> None:
    make(uscc=GOOD)
    with pytest.raises(ValidationError):
        create_enterprise(actor=coordinator, name="乙", uscc=GOOD)
    make("丙", uscc="")
    assert make("丁", uscc="").uscc is None


@given(st.text(alphabet="0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.integers(0, 999_999))
def test_the_check_character_against_an_independent_sum(tail: str, place: int) -> None:
    """GB 32100: 31 − Σ value × 3^i mod 31, modulo 31; written out here beside the library's."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = f"91{place:06d}{tail}"
    total = sum(alphabet.index(character) * pow(3, position, 31) for position, character in enumerate(body))
    right = alphabet[(31 - total) % 31]
    assert codes.checks(body + right)
    assert codes.well_formed(body + right)
    assert independent.is_valid(body + right)
    wrong = alphabet[(alphabet.index(right) + 1) % 31]
    assert not codes.checks(body + wrong)


def test_posts_and_places_of_the_right_kind(coordinator: Actor) -> None:
    leader, specialist = cast.post(Role.LEADER, cast.unit()), cast.post(Role.SPECIALIST, cast.unit())
    made = create_enterprise(
        actor=coordinator, name="甲", liaison_leader=leader, specialist=specialist, liaison_unit=cast.unit()
    )
    for fields in ({"liaison_leader": specialist}, {"specialist": leader}, {"town": cast.unit()}):
        with pytest.raises(ValidationError) as caught:
            change_enterprise(actor=coordinator, enterprise_id=made.pk, **fields)
        assert list(caught.value.message_dict) == list(fields)


def test_a_phone_that_changes_is_not_told_in_the_trail(coordinator: Actor) -> None:
    made = make(contact_phone="13800000000")
    change_enterprise(actor=coordinator, enterprise_id=made.pk, contact_phone="13911112222", is_key=True)
    detail = str(AuditEntry.objects.get(act="change_enterprise").detail)
    assert "contact_phone" in detail
    assert "139" not in detail


# Merge ---------------------------------------------------------------------------------------------------------------


def test_merge_enterprise(coordinator: Actor) -> None:
    old, new = make("云岫生物"), make("云岫生物科技")
    account = cast.post(Role.ENTERPRISE, enterprise_id=old.pk)
    project = create_project(actor=SYSTEM, code="P1", name="项目", enterprise=old)
    earlier = make("云岫")
    merge_enterprise(actor=coordinator, enterprise_id=earlier.pk, into_id=old.pk)
    merge_enterprise(actor=coordinator, enterprise_id=old.pk, into_id=new.pk)
    account.refresh_from_db()
    project.refresh_from_db()
    assert account.enterprise_id == new.pk
    assert project.enterprise == new
    assert set(Enterprise.objects.living()) == {new}
    assert set(readers_of(actor_for(account.user))) >= {new.pk, old.pk, earlier.pk}
    with pytest.raises(Conflict):
        merge_enterprise(actor=coordinator, enterprise_id=old.pk, into_id=new.pk)
    with pytest.raises(Conflict):
        merge_enterprise(actor=coordinator, enterprise_id=new.pk, into_id=old.pk)
    with pytest.raises(ValidationError):
        merge_enterprise(actor=coordinator, enterprise_id=new.pk, into_id=new.pk)
    with pytest.raises(Conflict):
        change_enterprise(actor=coordinator, enterprise_id=old.pk, name="别名")


# Rows ----------------------------------------------------------------------------------------------------------------


def test_who_sees_which(db: None) -> None:
    here, elsewhere = town("双溪街道"), town("白沙镇")
    leader = cast.post(Role.LEADER, cast.unit())
    office = cast.post(Role.SERVICE_OFFICE, cast.unit())
    specialist = cast.post(Role.SPECIALIST, cast.unit())
    lead_unit = cast.unit()
    create_line(
        actor=SYSTEM, name="甲线", year=clock.today().year, leader=leader, office=office.unit, units=[elsewhere]
    )
    rows = {
        "here": make("甲", town=here),
        "elsewhere": make("乙", town=elsewhere),
        "led": make("丙", liaison_leader=leader),
        "unit": make("丁", liaison_unit=lead_unit),
        "served": make("戊", specialist=specialist),
        "other": make("己"),
    }
    account = cast.post(Role.ENTERPRISE, enterprise_id=rows["other"].pk)
    everything = set(rows)
    expected = {
        cast.actor(Role.UNIT_OFFICER, here): {"here"},
        cast.actor(Role.UNIT_HEAD, lead_unit): {"unit"},
        actor_for(leader.user): {"led", "elsewhere"},
        actor_for(office.user): {"led", "elsewhere"},
        actor_for(specialist.user): {"served"},
        actor_for(account.user): {"other"},
        cast.actor(Role.SPECIALIST): set(),
        cast.actor(Role.OBSERVER): set(),
        cast.actor(Role.STATISTICS): set(),
        cast.actor(Role.SYSTEM_ADMIN): set(),
        ANONYMOUS: set(),
        **{cast.actor(role): everything for role in (Role.COORDINATOR, Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR)},
    }
    for actor, names in expected.items():
        seen = {name for name, row in rows.items() if Enterprise.objects.visible_to(actor).filter(pk=row.pk).exists()}
        assert seen == names, actor.roles


def test_last_years_line_shows_nothing(db: None) -> None:
    leader, place = cast.post(Role.LEADER, cast.unit()), town()
    create_line(
        actor=SYSTEM, name="甲线", year=clock.today().year - 1, leader=leader, office=cast.unit(), units=[place]
    )
    make(town=place)
    assert not Enterprise.objects.visible_to(actor_for(leader.user)).exists()


def test_a_higher_app_adds_those_met_through_issues(officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db.models import Q

    met, other = make("甲"), make("乙")
    monkeypatch.setattr(policy, "_enterprise_scopes", [])
    assert not Enterprise.objects.visible_to(officer).exists()
    policy.register_enterprise_scope(lambda actor: None)
    assert not Enterprise.objects.visible_to(officer).exists()
    policy.register_enterprise_scope(lambda actor: Q(pk=met.pk))
    assert list(Enterprise.objects.visible_to(officer)) == [met]
    account = cast.post(Role.ENTERPRISE, enterprise_id=other.pk)
    assert list(Enterprise.objects.visible_to(actor_for(account.user))) == [other]  # never for an enterprise


def test_projects(db: None) -> None:
    unit, manager, specialist = (
        cast.unit(),
        cast.post(Role.LEADER, cast.unit()),
        cast.post(Role.SPECIALIST, cast.unit()),
    )
    firm = make(specialist=specialist)
    project = create_project(actor=SYSTEM, code="P1", name="项目", enterprise=firm, unit=unit, manager=manager)
    account = cast.post(Role.ENTERPRISE, enterprise_id=firm.pk)
    for actor in (
        cast.actor(Role.UNIT_HEAD, unit),
        *(actor_for(post.user) for post in (manager, specialist, account)),
        cast.actor(Role.CHIEF),
    ):
        assert list(Project.objects.visible_to(actor)) == [project], actor.roles
    for actor in (cast.actor(Role.UNIT_HEAD), cast.actor(Role.OBSERVER), ANONYMOUS):
        assert not Project.objects.visible_to(actor).exists()
    with pytest.raises(PermissionDenied):
        create_project(actor=cast.actor(Role.UNIT_HEAD), code="P2", name="x")


# Pages ---------------------------------------------------------------------------------------------------------------


def test_a_phone_opens_by_click_and_leaves_a_trace(client: Client, coordinator: Actor) -> None:
    made = make(contact_phone="13812345678")
    client.force_login(coordinator.user)
    page = client.get(f"/app/enterprises/{made.pk}/")
    assert b"13812345678" not in page.content
    assert not AuditEntry.objects.filter(act="view_contact").exists()
    assert b"13812345678" in client.get(f"/app/enterprises/{made.pk}/", {"show": "contact"}).content
    assert AuditEntry.objects.get(act="view_contact").object_ref == str(made.pk)


def test_the_pages_work(client: Client, coordinator: Actor, officer: Actor) -> None:
    client.force_login(coordinator.user)
    place = town()
    fields = {"name": "禾曦食品", "uscc": GOOD, "town": place.pk}
    answer = client.post("/app/enterprises/new/", fields)
    made = Enterprise.objects.get(name="禾曦食品")
    assert answer.url == f"/app/enterprises/{made.pk}/"
    wrong = client.post("/app/enterprises/new/", {"name": "乙", "uscc": BAD})
    assert wrong.status_code == 422
    assert "末位校验不符" in wrong.content.decode()
    changed = client.post(f"/app/enterprises/{made.pk}/change/", {**fields, "is_key": "on"})
    assert changed.status_code == 302
    made.refresh_from_db()
    assert made.is_key
    other = make("禾曦")
    assert client.post(f"/app/enterprises/{other.pk}/merge/", {"into": "没有"}).status_code == 422
    assert client.post(f"/app/enterprises/{other.pk}/merge/", {"into": GOOD}).status_code == 302
    found = client.get("/app/enterprises/", {"q": "hexi"})
    assert [row["name"] for row in found.context["rows"]] == ["禾曦食品"]
    client.force_login(officer.user)
    assert client.get(f"/app/enterprises/{made.pk}/").status_code == 404
    assert client.get("/app/enterprises/new/").status_code == 403
    client.force_login(cast.actor(Role.STATISTICS).user)
    assert client.get("/app/enterprises/").status_code == 403
    assert Line.objects.count() == 0
