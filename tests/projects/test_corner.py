"""What an enterprise finds after sign-in, and the towns' ledger of enterprises."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.landing import home_of
from accounts.models import Post
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import ValidationError
from issues import services as issues
from projects import services
from projects.models import Enterprise, LogEntry, PlanItem, Project, ProjectManager, Promise, TeamMember
from tests.accounts import cast

pytestmark = pytest.mark.django_db


def firm(name: str, **fields: object) -> Enterprise:
    return services.create_enterprise(actor=SYSTEM, name=name, **fields)


def speaker(enterprise: Enterprise) -> Actor:
    return actor_for(cast.post(Role.ENTERPRISE, enterprise_id=enterprise.pk).user)


def project(code: str, enterprise: Enterprise, **fields: object) -> Project:
    return Project.objects.create(
        code=code, name=f"{code}号项目", enterprise=enterprise, created_at=clock.now(), **fields
    )


def corner(actor: Actor) -> str:
    client = Client()
    client.force_login(actor.user)
    return client.get("/app/corner/").content.decode().split("<main")[1]


def person(role: str, name: str, phone: str = "") -> Post:
    return cast.post(role, cast.unit(f"{name}的单位", phone="023-70000000"), user=cast.person(name, phone=phone))


def test_an_enterprise_finds_its_project_its_people_and_what_comes_next(client: Client) -> None:
    mine, other = firm("云溪新材料有限公司"), firm("白沙物流有限公司")
    leader, agent = person(Role.LEADER, "陆知远", "13900000001"), person(Role.SPECIALIST, "沈岳", "13900000002")
    today = clock.today()
    for enterprise, code in ((mine, "P-1"), (other, "P-2")):
        made = project(code, enterprise, lead_unit=cast.unit(f"{code}牵头局"))
        ProjectManager.objects.create(project=made, post=leader, leader=leader, starts_on=today)
        TeamMember.objects.create(project=made, post=agent, duty="agent", starts_on=today)
        due = today + timedelta(days=10)
        PlanItem.objects.create(
            project=made, key="a", kind="task", name=f"{code}开工", planned_start=due, planned_end=due
        )
        PlanItem.objects.create(project=made, key="b", kind="task", name="做完了", planned_end=due, state="done")
        for side, text in (("government", f"{code}通水通电"), ("enterprise", f"{code}投产")):
            Promise.objects.create(project=made, side=side, text=text, due_on=due, entered_at=clock.now())
    text = corner(speaker(mine))
    for words in ("P-1号项目", "陆知远", "沈岳", "13900000002", "023-70000000", "P-1牵头局", "P-1开工", "P-1通水通电"):
        assert words in text, words
    for words in ("P-2", "白沙", "做完了", "P-1投产", "13900000001"):  # a leader is reached by the office
        assert words not in text, words


def test_an_overdue_promise_to_it_stays_and_a_missing_manager_is_said() -> None:
    mine, today = firm("云溪新材料有限公司"), clock.today()
    made = project("P-1", mine, unit=cast.unit())
    past = today - timedelta(days=9)
    Promise.objects.create(project=made, side="government", text="三通一平", due_on=past, entered_at=clock.now())
    page = corner(speaker(mine))
    for words in ("三通一平", "已逾期", "尚未确定"):
        assert words in page
    leader = person(Role.LEADER, "陆知远")
    ProjectManager.objects.create(project=made, post=leader, leader=leader, starts_on=today)
    assert "尚未确定" not in corner(speaker(mine))


def test_statistics_begins_at_its_figures() -> None:
    assert home_of(cast.actor(Role.STATISTICS)) == "/app/investment/"


def test_it_is_the_page_after_sign_in(coordinator: Actor) -> None:
    actor = speaker(firm("云溪新材料有限公司"))
    assert home_of(actor) == "/app/corner/"
    client = Client()
    client.force_login(coordinator.user)
    assert client.get("/app/corner/").status_code == 403


def test_own_issues_alone_also_of_whoever_holds_an_office_besides() -> None:
    mine, other = firm("云溪新材料有限公司"), firm("白沙物流有限公司")
    contact = {"name": "某人", "phone": "13900000009"}
    for enterprise, title in ((mine, "本企业的问题"), (other, "别家企业的问题")):
        issues.submit(
            actor=speaker(enterprise),
            title=title,
            text="内容",
            place="",
            channel="web_form",
            contact=contact,
        )
    user = speaker(mine).user
    assert "别家企业的问题" not in corner(actor_for(user))
    cast.post(Role.COORDINATOR, cast.unit(), user=user)
    project("P-2", other)
    text = corner(actor_for(user))
    assert "本企业的问题" in text
    assert "别家企业的问题" not in text
    assert "P-2" not in text


def test_what_was_merged_into_it_stays_its_own(coordinator: Actor) -> None:
    mine, old = firm("云溪新材料有限公司"), firm("云溪旧名有限公司")
    Enterprise.objects.filter(pk=old.pk).update(merged_into=mine)
    project("P-1", old)
    assert "P-1号项目" in corner(speaker(mine))


def test_ten_projects_cost_no_more_queries_than_one() -> None:
    mine = firm("云溪新材料有限公司")
    actor, client = speaker(mine), Client()
    client.force_login(actor.user)
    counts = []
    for many in (1, 9):
        for n in range(many):
            made = project(f"P-{many}-{n}", mine, lead_unit=cast.unit())
            post = cast.post(Role.LEADER, cast.unit())
            ProjectManager.objects.create(project=made, post=post, leader=post, starts_on=clock.today())
        client.get("/app/corner/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/app/corner/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# The ledger ----------------------------------------------------------------------------------------------------------


def test_the_ledger_counts_and_filters_what_is_missing(coordinator: Actor) -> None:
    town, cadre = cast.unit("双溪街道", UnitKind.TOWN), cast.post(Role.UNIT_OFFICER, cast.unit())
    full = firm("齐全企业", town=town, contact_name="某人", channel="工作群", partner=cadre)
    firm("空白企业", town=town)
    firm("外镇企业", town=cast.unit("白沙镇", UnitKind.TOWN))
    today = clock.today()
    given = {"by": coordinator.user, "entered_at": clock.now(), "text": "走访"}
    LogEntry.objects.create(enterprise=full, kind="call", on=today, **given)  # a call is no visit
    client = Client()
    client.force_login(coordinator.user)
    url = "/app/enterprises/ledger/"
    page = client.get(url, {"town": town.code})
    assert [figure["lines"][0] for figure in page.context["figures"]] == ["1 ÷ 2", "1 ÷ 2", "1 ÷ 2", "0 ÷ 2"]
    LogEntry.objects.create(project=project("P-1", full), enterprise=full, kind="visit", on=today, **given)
    page = client.get(url, {"town": town.code})
    assert page.context["figures"][3]["lines"] == ["1 ÷ 2"]
    rows = {row["name"]: row for row in page.context["rows"]}
    assert (rows["齐全企业"]["by"], rows["空白企业"]["by"]) == (coordinator.user.name, "")
    for without in ("contact", "channel", "partner", "visit"):
        found = client.get(url, {"without": without, "town": town.code}).context["rows"]
        assert [row["name"] for row in found] == ["空白企业"]
    for odd in ({"town": "x"}, {"without": "x"}, {"cursor": "x"}):
        assert client.get(url, odd).status_code in (200, 400)


def test_a_town_keeps_its_own_ledger_alone() -> None:
    town = cast.unit("双溪街道", UnitKind.TOWN)
    firm("本镇企业", town=town)
    firm("外镇企业", town=cast.unit("白沙镇", UnitKind.TOWN))
    client = Client()
    client.force_login(cast.actor(Role.UNIT_OFFICER, town).user)
    page = client.get("/app/enterprises/ledger/")
    assert [row["name"] for row in page.context["rows"]] == ["本镇企业"]
    assert "白沙镇" not in page.content.decode().split("<main")[1]


def test_the_ledger_asks_no_more_for_fifty_rows(coordinator: Actor) -> None:
    client = Client()
    client.force_login(coordinator.user)
    counts = []
    for many in (2, 40):
        for n in range(many):
            cadre = cast.post(Role.UNIT_OFFICER, cast.unit()) if n < 5 else None
            made = firm(f"企业{many}-{n}", partner=cadre)
            LogEntry.objects.create(
                enterprise=made, kind="visit", on=clock.today(), text="x", by=coordinator.user, entered_at=clock.now()
            )
        client.get("/app/enterprises/ledger/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/app/enterprises/ledger/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_every_field_of_an_enterprise_by_its_form(coordinator: Actor) -> None:
    cadre = cast.post(Role.UNIT_OFFICER, cast.unit())
    made = firm("云溪新材料有限公司")
    client = Client()
    client.force_login(coordinator.user)
    given = {
        "name": made.name, "ownership": "private", "size": "small", "industry": "新材料", "address": "滨江路一号",
        "channel": "工作群", "partner": cadre.pk, "resident": cadre.pk,
    }  # fmt: skip
    assert client.post(f"/app/enterprises/{made.pk}/change/", given).status_code == 302
    text = client.get(f"/app/enterprises/{made.pk}/").content.decode()
    for words in ("民营", "小型", "新材料", "滨江路一号", "工作群", cadre.user.name):
        assert words in text, words
    outsider = cast.post(Role.ENTERPRISE, enterprise_id=made.pk)
    with pytest.raises(ValidationError):
        services.change_enterprise(actor=coordinator, enterprise_id=made.pk, partner=outsider)
