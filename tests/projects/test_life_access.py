"""The pages of a project's life as an adversary asks them: whose, what is offered opens, what they cost."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.roles import Role
from common import clock
from projects import services
from projects.models import LibraryTarget, Project
from projects.states import Criterion, Stage
from projects.views import leads as lead_views
from projects.views import projects as project_views
from tests.accounts import cast
from tests.projects import life

pytestmark = pytest.mark.django_db
SECTIONS = ("", "history/", "team/", "stages/", "files/", "lead/")


def sign_in(client: Client, actor: Actor) -> Client:
    client.force_login(actor.user)
    return client


def queries(client: Client, address: str) -> int:
    client.get(address)  # warm: what is read once per process
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


# --- who --------------------------------------------------------------------------------------------------------------


def test_what_is_not_ones_own_is_not_there(client: Client) -> None:
    firm, other = (services.create_enterprise(actor=SYSTEM, name=name) for name in ("禾曦食品", "云溪新材"))
    mine, of = life.leader(), life.lead()
    services.change_project(actor=SYSTEM, code=of.code, enterprise=firm)
    services.name_manager(actor=SYSTEM, code=of.code, post=mine)
    outsiders = [cast.actor(Role.LEADER), cast.actor(Role.UNIT_HEAD)]
    acts = ("change/", "team/manager/", "lead/evaluate/")
    for actor in outsiders:
        sign_in(client, actor)
        for part in (*SECTIONS, *acts):
            assert client.get(f"/app/projects/{of.code}/{part}").status_code == 404, part
        assert client.post(f"/app/projects/{of.code}/stages/advance/").status_code == 404
        for page in ("/app/projects/", "/app/leads/"):
            assert of.code not in client.get(page).content.decode()
    for actor in (cast.actor(Role.ENTERPRISE, enterprise_id=one.pk) for one in (firm, other)):
        sign_in(client, actor)
        for part in (*SECTIONS, *acts):  # the same answer whether there is such a project or not
            there = client.get(f"/app/projects/{of.code}/{part}").status_code
            assert there == client.get(f"/app/projects/nobodys/{part}").status_code in (403, 404)
    sign_in(client, actor_for(mine.user))  # the control
    assert {client.get(f"/app/projects/{of.code}/{part}").status_code for part in SECTIONS} == {200}


def links(html: str, code: str) -> set[str]:
    main = html.split("<main", 1)[1]
    return set(re.findall(rf'href="(/app/(?:projects/{code}|leads|my-projects)[^"#]*)"', main))


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.UNIT_HEAD, Role.LEADER])
def test_whatever_is_offered_opens(client: Client, role: str) -> None:
    of, leader = life.lead(), life.leader()
    services.name_manager(actor=SYSTEM, code=of.code, post=leader)
    services.name_member(
        actor=SYSTEM, code=of.code, post=cast.post(Role.SPECIALIST, of.unit), duty="agent"
    )  # fmt: skip
    services.record_date(actor=SYSTEM, code=of.code, field="talks_on", on=clock.today())
    services.recommend_park(actor=SYSTEM, code=of.code, park=cast.unit(kind="park"), leader=leader)
    life.evaluate(of)
    actor = {Role.UNIT_HEAD: lambda: cast.actor(role, of.unit), Role.LEADER: lambda: actor_for(leader.user)}.get(
        role, lambda: cast.actor(role)
    )()
    sign_in(client, actor)
    found: set[str] = set()
    for part in SECTIONS:
        if part != "stages/":  # a gate says to everybody where it is mended
            found |= links(client.get(f"/app/projects/{of.code}/{part}").content.decode(), of.code)
    assert any(part in url for url in found for part in ("change", "describe", "answer")), found
    for address in sorted(found):
        assert client.get(address).status_code == 200, address


def test_a_number_or_a_word_that_is_nobodys_is_404(client: Client, coordinator: Actor) -> None:
    of = life.project()
    sign_in(client, coordinator)
    here = f"/app/projects/{of.code}/"
    for pk in (0, 2**31, 2**63, 10**40):
        assert client.get(f"{here}team/manager/{pk}/end/").status_code == 404
        assert client.get(f"{here}team/member/{pk}/end/").status_code == 404
    for field in ("stage", "created_at", "version", "%27"):
        for end in ("", "correct/"):
            assert client.get(f"{here}days/{field}/{end}").status_code == 404
            assert client.post(f"{here}days/{field}/{end}", {"on": "2026-01-01", "reason": "x"}).status_code == 404
    for code in ("-", "..", "%27", "x" * 500):
        assert client.get(f"/app/projects/{code}/stages/").status_code == 404


# --- forms ------------------------------------------------------------------------------------------------------------


def test_the_forms_bring_a_project_from_lead_to_signing(client: Client, coordinator: Actor) -> None:
    sign_in(client, coordinator)
    unit, park, leader = cast.unit(), cast.unit(kind="park"), life.leader()
    new = {"code": "XS-2026", "name": "储能电池", "unit": unit.pk, "total_investment": "120000"}
    assert client.post("/app/leads/new/", {**new, "code": "a/b"}).status_code == 422
    here = "/app/projects/XS-2026/"
    assert client.post("/app/leads/new/", new).url == here + "lead/"

    def do(part: str, bad: dict[str, object], **good: object) -> None:
        assert client.post(f"{here}lead/{part}", {**good, **bad}).status_code == 422, part
        assert client.post(f"{here}lead/{part}", good).url == here + "lead/", part

    do("first-talk/", {"on": "2999-01-01"}, owner=coordinator.posts[0].pk, on=str(clock.today()), text="意向")
    scores = dict.fromkeys(Criterion.values, 7) | {f"{one}_reason": "有据" for one in Criterion.values}
    wrong = client.post(f"{here}lead/evaluate/", {**scores, "team": 11, "favourable": "yes", "opinion": "细致的意见"})
    assert (wrong.status_code, "细致的意见" in wrong.content.decode()) == (422, True)
    do("evaluate/", {"cost_reason": ""}, **scores, favourable="yes", opinion="建议引进")
    assert client.post(f"{here}lead/evaluate/", {**scores, "favourable": "yes", "opinion": "x"}).status_code == 409
    assert client.post(f"{here}lead/brief/", {"csrfmiddlewaretoken": "x"}).url == here + "lead/"
    do("park/", {"park": unit.pk}, park=park.pk, leader=leader.pk)
    for kind in ("environment", "energy", "safety"):
        do("review/", {"text": ""}, kind=kind, passed="yes", unit=unit.pk, on=str(clock.today()), text="可行")
    do("decision/", {"number": ""}, tier="standing", favourable="yes", on=str(clock.today()), number="纪要3号")
    assert client.post(here + "lead/park/answer/", {"consent": "yes"}).status_code == 403
    sign_in(client, actor_for(leader.user))
    waiting = [one["url"] for one in client.get("/app/my-projects/").context["waiting"]]
    assert waiting == [here + "lead/park/answer/", here + "lead/opinion/"]
    do("park/answer/", {"consent": "no", "text": ""}, consent="yes")
    do("opinion/", {"text": ""}, text="抓紧对接")
    assert client.get("/app/my-projects/").context["waiting"] == []
    sign_in(client, coordinator)
    for _step in range(2):
        version = Project.objects.get(code="XS-2026").version
        assert client.post(here + "stages/advance/", {"version": version}).status_code == 302
    assert Project.objects.get(code="XS-2026").stage == Stage.SIGNING


def test_who_saves_after_somebody_else_is_told(client: Client, coordinator: Actor) -> None:
    of = life.project()
    sign_in(client, coordinator)
    form = client.get(f"/app/projects/{of.code}/describe/").context["form"]
    assert form.initial["version"] == of.version
    services.describe_project(actor=SYSTEM, code=of.code, place="先到")
    answer = client.post(f"/app/projects/{of.code}/describe/", {"version": of.version, "place": "后到"})
    assert answer.status_code == 409
    of.refresh_from_db()
    assert of.place == "先到"


def test_a_parcel_that_is_none_is_told(client: Client, coordinator: Actor) -> None:
    of = life.project()
    sign_in(client, coordinator)
    for line in ("BG-01", "BG-01 x", "BG-01 -1", "BG-01 1 nonsense", "BG-01 NaN", "BG-01 1e99", "BG-01 99999999.999"):
        answer = client.post(f"/app/projects/{of.code}/describe/", {"parcels": line})
        assert answer.status_code == 422, line
    assert not of.parcels.exists()


# --- my projects ------------------------------------------------------------------------------------------------------


def test_what_waits_for_a_leader(client: Client) -> None:
    post, of, done = life.leader(), life.at_gate("construction", but="specialist"), life.at_gate("production")
    for one in (of, done):
        Project.objects.filter(pk=one.pk).update(stage=Stage.SIGNING if one == of else Stage.CONSTRUCTION)
        services.name_manager(actor=SYSTEM, code=one.code, post=post)
    services.terminate(actor=SYSTEM, code=life.project(manager=post).code, reason="x")
    sign_in(client, actor_for(post.user))
    shown = client.get("/app/my-projects/").context
    assert {row["code"] for row in shown["rows"]} == {of.code, done.code}
    assert {(one["url"]) for one in shown["waiting"]} == {
        f"/app/projects/{of.code}/team/", f"/app/projects/{done.code}/team/", f"/app/projects/{done.code}/stages/",
    }  # fmt: skip
    assert {row["code"]: row["missing"] for row in shown["rows"]} == {of.code: 1, done.code: 0}
    sign_in(client, cast.actor(Role.LEADER))
    assert client.get("/app/my-projects/").context["rows"] == []


# --- lists ------------------------------------------------------------------------------------------------------------


def test_many_cost_what_few_cost(client: Client) -> None:
    post, unit = life.leader(), cast.unit(kind="park")
    firm = services.create_enterprise(actor=SYSTEM, name="禾曦食品")
    cast.post(Role.COORDINATOR, cast.unit(), user=post.user)
    sign_in(client, actor_for(post.user))
    addresses = ("/app/projects/", "/app/my-projects/", "/app/leads/", "/app/leads/library/")

    def more(number: int) -> None:
        for _ in range(number):
            of = life.lead(enterprise=firm, unit=unit, owner=post)
            services.name_manager(actor=SYSTEM, code=of.code, post=post)
            target = LibraryTarget.objects.count()
            services.set_target(actor=SYSTEM, unit=unit, year=clock.today().year, least=target, count=1)

    more(5)
    few = {address: queries(client, address) for address in addresses}
    more(20)
    assert {address: queries(client, address) for address in addresses} == few
    assert {len(client.get(address).context["rows"]) for address in addresses} == {25}


@pytest.mark.parametrize("order", ["code", "money"])
def test_no_row_is_lost_between_pages(
    client: Client, coordinator: Actor, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    monkeypatch.setattr(project_views, "PAGE", 3)
    for money in (None, 5, None, 5, 7, None, 0, None):
        life.project(total_investment=money)
    sign_in(client, coordinator)
    address, seen = f"/app/projects/?order={order}", []
    while address:
        shown = client.get(address).context
        seen += [row["code"] for row in shown["rows"]]
        address = shown["pager"]["next"]
    assert (len(seen), len(set(seen))) == (8, 8)


SENSELESS = [
    {"q": "%_\\'"}, {"q": "x" * 5000}, {"stage": "nonsense"}, {"unit": "'"}, {"category": "-1"}, {"level": "\\"},
    {"order": "-id"}, {"light": "blue"}, {"stage": "all", "q": "𠮷"},
]  # fmt: skip


def test_senseless_filters_break_nothing(client: Client, coordinator: Actor) -> None:
    sign_in(client, coordinator)
    for query in SENSELESS:
        assert client.get("/app/projects/", query).status_code == 200, query


def test_pages_of_leads_are_full(client: Client, coordinator: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lead_views, "PAGE", 2)
    with clock.at(clock.now()):  # all of one instant
        for _ in range(5):
            life.lead()
    sign_in(client, coordinator)
    address, seen = "/app/leads/?at=contact", set()
    for _page in range(3):
        shown = client.get(address).context
        seen |= {row["code"] for row in shown["rows"]}
        address = shown["pager"]["next"]
    assert (len(seen), address) == (5, "")
