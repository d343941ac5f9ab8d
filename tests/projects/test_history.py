"""The history of a project: who did what when, for who sees the project; no contacts of people, no long texts."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts import audit
from accounts.actors import SYSTEM, Actor
from accounts.roles import Role
from common import clock
from common.errors import PermissionDenied
from projects import gates, history, services
from tests.accounts import cast
from tests.projects import life

pytestmark = pytest.mark.django_db


def told(of: object) -> list[dict[str, object]]:
    return history.rows(list(history.entries(of).order_by("-id")))


def test_the_whole_way_is_told_in_words_and_without_contacts(client: Client, coordinator: Actor) -> None:
    of = life.lead(contact_name="顾联系", contact_phone="13800000001")
    services.record_first_talk(actor=coordinator, code=of.code, owner=coordinator.posts[0], text="酒席上说的话")
    services.change_project(
        actor=coordinator, code=of.code, content="秘密工艺", note="内部备注", unit=cast.unit("区商务委"), level="city"
    )  # fmt: skip
    services.advance(actor=coordinator, code=of.code)
    services.override_gate(actor=coordinator, code=of.code, reason="急")
    manager = life.leader()
    row = services.name_manager(actor=coordinator, code=of.code, post=manager)
    services.end_manager(actor=coordinator, code=of.code, manager_id=row.pk, reason="分工调整")
    services.record_date(actor=coordinator, code=of.code, field="signed_on", on=clock.today())
    services.correct_date(actor=coordinator, code=of.code, field="signed_on", on=None, reason="误录")
    services.terminate(actor=coordinator, code=of.code, reason="企业撤资")
    client.force_login(cast.actor(Role.AUDITOR).user)
    page = client.get(f"/app/projects/{of.code}/history/")
    assert len(page.context["rows"]) == 10
    text = page.content.decode()
    unit, missed = coordinator.posts[0].unit.name, str(gates.LABELS["evaluation"])
    for word in (coordinator.user.name, unit, manager.user.name, "分工调整", "误录", "企业撤资", "急", missed):
        assert word in text, word
    for word in ("顾联系", "13800000001", "酒席上说的话", "秘密工艺", "内部备注", "signed_on", "change_project"):
        assert word not in text, word


def test_reading_and_refusals_of_others_are_not_in_it(client: Client, coordinator: Actor) -> None:
    of, other = life.project(), life.project()
    with pytest.raises(PermissionDenied):
        services.terminate(actor=cast.actor(Role.AUDITOR), code=of.code, reason="x")
    audit.record(coordinator, "refused", "project", of.code, audit.DENIED)
    services.describe_project(actor=coordinator, code=other.code, place="别处")
    client.force_login(coordinator.user)
    assert len(client.get(f"/app/projects/{of.code}/history/").context["rows"]) == 1  # that it was entered
    assert len(told(other)) == 2


def test_who_does_not_see_the_project_sees_no_history(client: Client) -> None:
    firm = services.create_enterprise(actor=SYSTEM, name="禾曦食品")
    of = life.project(enterprise=firm)
    services.name_manager(actor=SYSTEM, code=of.code, post=life.leader())
    address = f"/app/projects/{of.code}/history/"
    for actor in (cast.actor(Role.LEADER), cast.actor(Role.UNIT_HEAD), cast.actor(Role.SPECIALIST)):
        client.force_login(actor.user)
        assert client.get(address).status_code == 404
    client.force_login(cast.actor(Role.ENTERPRISE, enterprise_id=firm.pk).user)
    assert client.get(address).status_code in (403, 404)
    client.force_login(cast.actor(Role.UNIT_HEAD, of.unit).user)
    assert client.get(address).status_code == 200


def test_it_costs_the_same_for_many_and_is_paged(
    client: Client, coordinator: Actor, django_assert_max_num_queries: object
) -> None:
    of = life.project()
    for n in range(55):
        audit.record(coordinator, "describe_project", "project", of.code, changes={"place": ["", f"地{n}"]})
    client.force_login(coordinator.user)
    page = client.get(f"/app/projects/{of.code}/history/")
    assert len(page.context["rows"]) == 50
    rest = client.get(page.context["pager"]["next"])
    assert len(rest.context["rows"]) == 6
    found = list(history.entries(of))
    with django_assert_max_num_queries(4):
        history.rows(found)
