"""The pages of a project's life: the list and its filters, forms that keep what was typed, the leader's page."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.roles import Role, UnitKind
from common import clock, fmt
from projects import services
from projects.models import Project
from tests.accounts import cast


def browser(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def project(coordinator: Actor) -> Project:
    return services.create_project(
        actor=coordinator, code="P-1", name="冷链物流园", level="city", total_investment=Decimal("120000.00")
    )


def codes(client: Client, query: str) -> list[str]:
    page = client.get(f"/app/projects/?{query}")
    assert page.status_code == 200
    return [row["code"] for row in page.context["rows"]]


def test_the_list_and_its_filters(coordinator: Actor, officer: Actor, project: Project) -> None:
    client, unit = browser(coordinator), officer.posts[0].unit
    services.create_project(actor=coordinator, code="P-2", name="精密制造", unit=unit, category="continuing")
    services.create_project(actor=coordinator, code="P-3", name="已解约")
    services.terminate(actor=coordinator, code="P-3", reason="x")
    for query, found in (
        ("", ["P-1", "P-2"]),
        ("stage=all", ["P-1", "P-2", "P-3"]),
        ("stage=terminated", ["P-3"]),
        ("level=city", ["P-1"]),
        ("category=continuing", ["P-2"]),
        (f"unit={unit.code}", ["P-2"]),
        ("light=green", ["P-1", "P-2"]),
        ("light=late", []),
        ("q=冷链", ["P-1"]),
        ("q=p-3", ["P-3"]),
        ("order=money", ["P-2", "P-1"]),  # an amount that is not known counts as the greatest
        ("level=moon", []),
    ):
        assert codes(client, query) == found, query
    assert codes(browser(officer), "stage=all") == ["P-2"]


def test_the_list_asks_no_more_for_more_rows(coordinator: Actor) -> None:
    client, counts = browser(coordinator), []
    client.get("/app/projects/")
    for many in (1, 12):
        for n in range(many):
            services.create_project(actor=coordinator, code=f"N{many}-{n}", name="x", unit=cast.unit())
        with CaptureQueriesContext(connection) as asked:
            client.get("/app/projects/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_form_keeps_what_was_typed(coordinator: Actor, project: Project) -> None:
    client = browser(coordinator)
    sent = {"name": "冷链物流园二期", "level": "city", "parcels": "BG-03 很多 报批中", "version": project.version}
    page = client.post("/app/projects/P-1/change/", sent)
    assert page.status_code == 422
    assert "冷链物流园二期" in page.content.decode()
    sent["parcels"] = "BG-03 45.6 报批中\nBG-04 3"
    assert client.post("/app/projects/P-1/change/", sent).status_code == 302
    assert [str(one) for one in project.parcels.all()] == ["BG-03", "BG-04"]
    held = client.post("/app/projects/P-1/change/", {**sent, "name": "旧页面", "note": "写了很久的说明"})
    assert held.status_code == 409
    assert "写了很久的说明" in held.content.decode()
    project.refresh_from_db()
    assert (project.name, project.total_investment) == ("冷链物流园二期", None)


def test_what_a_unit_describes_is_no_more_than_that(coordinator: Actor, officer: Actor, project: Project) -> None:
    Project.objects.update(unit=officer.posts[0].unit)
    client = browser(officer)
    sent = {"content": "三条产线", "name": "改名", "level": "province", "total_investment": "1"}
    assert client.post("/app/projects/P-1/describe/", sent).status_code == 302
    project.refresh_from_db()
    assert (project.content, project.name, project.level) == ("三条产线", "冷链物流园", "city")
    with pytest.raises(TypeError):
        services.describe_project(actor=officer, code="P-1", name="改名")


def test_a_gate_that_is_shut_says_what_is_missing(coordinator: Actor, project: Project) -> None:
    page = browser(coordinator).post("/app/projects/P-1/stages/advance/", {"version": "x"})
    assert page.status_code == 409
    assert "/app/projects/P-1/lead/first-talk/" in page.content.decode()


def test_duties_move_by_the_page(coordinator: Actor, project: Project) -> None:
    post, heir = (cast.post(Role.LEADER, cast.unit()) for _ in range(2))
    services.name_manager(actor=coordinator, code="P-1", post=post)
    client = browser(coordinator)
    address = f"/app/projects/-/move/?post={post.pk}"
    assert "冷链物流园" in client.get(address).content.decode()
    assert client.post(address, {"heir": heir.pk, "reason": "分工调整"}).status_code == 422
    assert client.post(address, {"heir": heir.pk, "reason": "分工调整", "codes": ["P-1"]}).status_code == 302
    project.refresh_from_db()
    assert project.manager == heir


def test_a_leader_sees_what_waits(coordinator: Actor, project: Project) -> None:
    leader, other = cast.actor(Role.LEADER), cast.actor(Role.LEADER)
    services.name_manager(actor=coordinator, code="P-1", post=leader.posts[0])
    services.record_first_talk(actor=coordinator, code="P-1", owner=coordinator.posts[0])
    page = browser(leader).get("/app/my-projects/")
    assert [row["code"] for row in page.context["rows"]] == ["P-1"]
    assert [row["url"] for row in page.context["waiting"]] == ["/app/projects/P-1/stages/"]
    assert browser(other).get("/app/my-projects/").context["rows"] == []


def test_the_next_number_is_proposed_and_any_part_of_one_is_found(coordinator: Actor) -> None:
    client, year = browser(coordinator), clock.today().year
    assert client.get("/app/projects/-/new/").context["form"].initial["code"] == f"XM{year}-0001"
    services.create_project(actor=coordinator, code=f"XM{year}-0041", name="三期")
    services.create_project(actor=coordinator, code=f"XM{year}-EXTRA", name="四期")
    assert client.get("/app/leads/new/").context["form"].initial["code"] == f"XM{year}-0042"
    assert codes(client, "q=0041") == [f"XM{year}-0041"]


def test_every_section_says_how_late_it_is(coordinator: Actor, project: Project) -> None:
    assert browser(coordinator).get("/app/projects/P-1/").context["head"]["light"].tone == "green"
    day = clock.today() - timedelta(days=40)
    services.add_item(actor=coordinator, project_id=project.pk, kind="task", name="管网", planned_end=day)
    for part in ("", "team/", "history/"):
        head = browser(coordinator).get(f"/app/projects/P-1/{part}").context["head"]
        assert (head["light"].tone, head["due"]) == ("red", fmt.md(day))


def test_a_leader_decides_with_the_facts_above_the_field(coordinator: Actor, project: Project) -> None:
    leader, park = cast.actor(Role.LEADER), cast.unit("高新园", kind=UnitKind.PARK)
    services.record_first_talk(actor=coordinator, code="P-1", owner=coordinator.posts[0])
    services.recommend_park(actor=coordinator, code="P-1", park=park, leader=leader.posts[0])
    page = browser(leader).get("/app/projects/P-1/lead/park/answer/").content.decode()
    assert "高新园" in page
    assert "12 亿元" in page


def test_what_is_due_first_stands_first_among_the_own(coordinator: Actor, project: Project) -> None:
    leader = cast.actor(Role.LEADER)
    late = services.create_project(actor=coordinator, code="P-2", name="二期")
    for code in ("P-1", "P-2"):
        services.name_manager(actor=coordinator, code=code, post=leader.posts[0])
    day = clock.today() - timedelta(days=40)
    services.add_item(actor=coordinator, project_id=late.pk, kind="task", name="管网", planned_end=day)
    rows = browser(leader).get("/app/my-projects/").context["rows"]
    assert [(row["code"], row["light"].tone) for row in rows] == [("P-2", "red"), ("P-1", "green")]


def test_the_history_tells_officials_and_no_contacts(coordinator: Actor) -> None:
    unit, post = cast.unit("经开区"), cast.post(Role.LEADER, cast.unit())
    services.register_lead(actor=coordinator, code="L-1", name="线索", contact_name="顾工", contact_phone="13800000001")
    services.change_project(actor=coordinator, code="L-1", unit=unit, level="city", content="保密的工艺")
    services.name_manager(actor=coordinator, code="L-1", post=post, reason="议定")
    page = browser(coordinator).get("/app/projects/L-1/history/").content.decode()
    for word in (coordinator.user.name, "经开区", "市级", post.user.name, "议定"):
        assert word in page
    for word in ("顾工", "13800000001", "保密的工艺"):
        assert word not in page


def test_the_contact_of_a_lead_is_masked(coordinator: Actor) -> None:
    services.register_lead(actor=coordinator, code="L-1", name="线索", contact_name="顾工", contact_phone="13800000001")
    page = browser(coordinator).get("/app/projects/L-1/lead/").content.decode()
    assert "138****0001" in page
    assert "13800000001" not in page


def test_leads_are_filtered_by_where_they_stand(coordinator: Actor) -> None:
    for n, money in enumerate((None, 200_000)):
        services.register_lead(actor=coordinator, code=f"L-{n}", name="线索", total_investment=money)
    services.record_first_talk(actor=coordinator, code="L-1", owner=coordinator.posts[0])
    client, year = browser(coordinator), clock.today().year
    for query, found in (
        ("", ["L-1", "L-0"]),
        ("at=contact", ["L-0"]),
        ("least=200000", ["L-1"]),
        (f"year={year}", ["L-1", "L-0"]),
        (f"year={year - 1}", []),
        ("year=x&least=NaN&at=moon", ["L-1", "L-0"]),
    ):
        rows = client.get(f"/app/leads/?{query}").context["rows"]
        assert [row["code"] for row in rows] == found, query
