"""Leads: evaluation, clocks, park, brief, opinions; the library of planned projects."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import Post
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines.models import Clock
from projects import gates, leadpage, services
from projects.models import EvaluationScore, Lead, LibraryTarget, Project
from projects.states import Criterion
from tests.accounts import cast
from tests.projects import life

pytestmark = pytest.mark.django_db


def clocks(of: Project) -> dict[str, Clock]:
    return {one.kind: one for one in Clock.objects.filter(subject_kind="project", subject_id=of.pk)}


# --- registered -------------------------------------------------------------------------------------------------------


def test_a_lead_begins_a_project_with_its_clock() -> None:
    friday = clock.parse("2026-03-06T15:00")
    with clock.at(friday):
        of = life.lead(contact_name="顾工", contact_phone="13800000001")
    running = clocks(of)
    assert list(running) == ["evaluation"]
    assert (running["evaluation"].amount, running["evaluation"].unit) == (7, "wd")
    assert clock.local(running["evaluation"].due_at).date().isoformat() == "2026-03-17"
    assert (of.stage, of.lead.registered_at) == ("planning", friday)


def test_a_unit_registers_its_own(officer: Actor, coordinator: Actor) -> None:
    own = officer.posts[0].unit
    below = cast.unit(parent=own)
    for code, unit in (("X-1", own), ("X-2", below)):
        assert services.register_lead(actor=officer, code=code, name="线索", unit=unit).registered_by == officer.user
    for unit in (cast.unit(), None):
        with pytest.raises(ValidationError) as caught:
            services.register_lead(actor=officer, code="X-3", name="线索", unit=unit)
        assert list(caught.value.message_dict) == ["unit"]
    assert services.register_lead(actor=coordinator, code="X-3", name="线索", unit=cast.unit())
    for role in (Role.LEADER, Role.SPECIALIST, Role.AUDITOR, Role.SUPERVISOR):
        with pytest.raises(PermissionDenied):
            services.register_lead(actor=cast.actor(role), code="X-4", name="线索", unit=own)
    for wrong in ({"code": "X-3"}, {"code": "a/b"}, {"code": ""}, {"name": " "}, {"contact_phone": "1" * 40}):
        with pytest.raises(ValidationError):
            services.register_lead(actor=coordinator, **{"code": "X-5", "name": "线索", "unit": own, **wrong})
    assert Lead.objects.count() == 3
    assert Clock.objects.filter(kind="evaluation").count() == 3


def test_who_is_responsible_holds_a_post_of_the_district(coordinator: Actor) -> None:
    of = life.lead()
    gone = cast.post(Role.UNIT_OFFICER, of.unit)
    Post.objects.filter(pk=gone.pk).update(ends_at=clock.now() - timedelta(days=1))
    firm = services.create_enterprise(actor=SYSTEM, name="禾曦食品")
    outsider = cast.post(Role.ENTERPRISE, enterprise_id=firm.pk)
    for owner in (gone, outsider):
        with pytest.raises(ValidationError) as caught:
            services.record_first_talk(actor=coordinator, code=of.code, owner=owner)
        assert list(caught.value.message_dict) == ["owner"]
        with pytest.raises(ValidationError):
            services.register_lead(actor=coordinator, code="X-9", name="线索", unit=of.unit, owner=owner)
    with pytest.raises(ValidationError):
        tomorrow = clock.today() + timedelta(days=1)
        services.record_first_talk(actor=coordinator, code=of.code, owner=life.leader(), on=tomorrow)


def test_a_second_word_keeps_what_was_known() -> None:
    of = life.lead()
    life.first_talk(of)
    services.record_first_talk(actor=SYSTEM, code=of.code, owner=life.leader())
    found = Lead.objects.get(project=of)
    assert (found.first_talk, found.first_talk_on) == ("意向明确", clock.today())
    assert len(clocks(of)) == 1


def test_a_project_without_a_lead_gets_one_and_owes_an_evaluation_only_while_it_is_asked_for() -> None:
    early, late = life.project(), life.project("construction")
    for of in (early, late):
        with pytest.raises(Conflict) as caught:
            life.evaluate(of)
        assert caught.value.code == "no_lead"
        life.first_talk(of)
    assert list(clocks(early)) == ["evaluation"]
    assert clocks(late) == {}


# --- evaluated --------------------------------------------------------------------------------------------------------


def test_favourable_meets_one_clock_and_starts_the_next(coordinator: Actor) -> None:
    of = life.lead()
    life.evaluate(of, coordinator)
    found = clocks(of)
    assert found["evaluation"].met_at
    assert found["evaluation"].breached_at is None
    assert found["briefing"].met_at is None
    assert EvaluationScore.objects.filter(lead__project=of).count() == 7
    services.issue_brief(actor=coordinator, code=of.code)
    assert clocks(of)["briefing"].met_at
    with pytest.raises(Conflict):
        services.issue_brief(actor=coordinator, code=of.code)


def test_unfavourable_starts_no_brief(coordinator: Actor) -> None:
    of = life.lead()
    life.evaluate(of, coordinator, favourable=False)
    assert list(clocks(of)) == ["evaluation"]
    assert clocks(of)["evaluation"].met_at
    with pytest.raises(Conflict):
        services.issue_brief(actor=coordinator, code=of.code)


def test_it_is_finished_once_and_whole(coordinator: Actor) -> None:
    of = life.lead()
    given = {"actor": coordinator, "code": of.code, "favourable": True, "opinion": "好"}
    for criterion in Criterion.values:
        for score in ((11, "x"), (-1, "x"), (None, "x"), (5, "  ")):
            with pytest.raises(ValidationError) as caught:
                services.evaluate(scores={**life.GOOD, criterion: score}, **given)
            assert list(caught.value.message_dict) == [criterion if score[1] == "x" else f"{criterion}_reason"]
    with pytest.raises(ValidationError) as caught:
        services.evaluate(scores={}, **given)
    assert len(caught.value.message_dict) == 14
    with pytest.raises(ValidationError):
        services.evaluate(scores=life.GOOD, **{**given, "opinion": " "})
    assert EvaluationScore.objects.count() == 0
    assert clocks(of)["evaluation"].met_at is None
    services.evaluate(scores={**life.GOOD, "team": (0, "团队未定"), "cost": (10, "省地")}, **given)
    with pytest.raises(Conflict) as caught:
        services.evaluate(scores=life.GOOD, **given)
    assert caught.value.code == "evaluated"
    assert dict(EvaluationScore.objects.values_list("criterion", "score"))["team"] == 0


def test_too_late_is_told_by_the_clock() -> None:
    with clock.at(clock.parse("2026-03-02T10:00")):
        of = life.lead()
    with clock.at(clock.parse("2026-03-31T10:00")):
        life.evaluate(of)
    assert clocks(of)["evaluation"].breached_at == clocks(of)["evaluation"].due_at


# --- park, brief, opinion ---------------------------------------------------------------------------------------------


def asked(leader: Post | None = None) -> tuple[Project, Post]:
    of, leader = life.lead(), leader or life.leader()
    park = cast.unit(kind=UnitKind.PARK)
    services.recommend_park(actor=SYSTEM, code=of.code, park=park, leader=leader)
    return of, leader


def test_the_leader_asked_answers_and_no_other(coordinator: Actor) -> None:
    of, leader = asked()
    assert not gates.missing_of(of, "planning")
    with pytest.raises(PermissionDenied):
        services.answer_park(actor=coordinator, code=of.code, consent=True)
    with pytest.raises(PermissionDenied):
        services.answer_park(actor=cast.actor(Role.CHIEF), code=of.code, consent=True)
    with pytest.raises(NotVisible):
        services.answer_park(actor=cast.actor(Role.LEADER), code=of.code, consent=True)
    with pytest.raises(ValidationError):
        services.answer_park(actor=actor_for(leader.user), code=of.code, consent=False, text=" ")
    found = services.answer_park(actor=actor_for(leader.user), code=of.code, consent=True)
    of.refresh_from_db()
    assert (found.park_consent, of.park_id) == (True, found.park_id)
    for verb, given in (
        (services.answer_park, {"actor": actor_for(leader.user), "consent": False, "text": "改主意"}),
        (services.recommend_park, {"actor": coordinator, "park": of.park, "leader": leader}),
    ):
        with pytest.raises(Conflict):
            verb(code=of.code, **given)


def test_the_service_office_answers_for_its_leader_alone() -> None:
    of, leader = asked()
    office, other = cast.unit(), cast.unit()
    for unit, leads in ((office, leader), (other, life.leader())):
        services.create_line(
            actor=SYSTEM, name=unit.name, year=clock.today().year, leader=leads, office=unit, units=[]
        )  # fmt: skip
    with pytest.raises(NotVisible):
        services.answer_park(actor=cast.actor(Role.SERVICE_OFFICE, other), code=of.code, consent=True)
    assert services.answer_park(actor=cast.actor(Role.SERVICE_OFFICE, office), code=of.code, consent=True).park_consent


def test_a_refused_park_is_not_the_projects_and_another_may_follow(coordinator: Actor) -> None:
    of, leader = asked()
    services.answer_park(actor=actor_for(leader.user), code=of.code, consent=False, text="环境容量不足")
    of.refresh_from_db()
    assert of.park is None
    for wrong in ({"park": cast.unit()}, {"leader": cast.post(Role.UNIT_HEAD, cast.unit())}):
        with pytest.raises(ValidationError):
            services.recommend_park(
                actor=coordinator,
                code=of.code,
                **{"park": cast.unit(kind=UnitKind.PARK), "leader": leader, **wrong},
            )
    second = cast.unit(kind=UnitKind.PARK)
    services.recommend_park(actor=coordinator, code=of.code, park=second, leader=leader)
    services.answer_park(actor=actor_for(leader.user), code=of.code, consent=True)
    of.refresh_from_db()
    assert of.park == second


def test_opinions_follow_the_brief_and_are_leaders(coordinator: Actor) -> None:
    of, leader = asked()
    mine = actor_for(leader.user)
    with pytest.raises(Conflict) as caught:
        services.give_opinion(actor=mine, code=of.code, text="抓紧对接")
    assert caught.value.code == "brief"
    life.evaluate(of)
    services.issue_brief(actor=coordinator, code=of.code)
    with pytest.raises(ValidationError):
        services.give_opinion(actor=mine, code=of.code, text=" ")
    with pytest.raises(PermissionDenied):
        services.give_opinion(actor=coordinator, code=of.code, text="x")
    with pytest.raises(NotVisible):
        services.give_opinion(actor=cast.actor(Role.LEADER), code=of.code, text="x")
    for actor in (mine, cast.actor(Role.CHIEF)):
        services.give_opinion(actor=actor, code=of.code, text="抓紧对接")
    assert Lead.objects.get(project=of).leader_opinions.count() == 2


# --- the library ------------------------------------------------------------------------------------------------------


def done_of(actor: Actor, unit_label: str, year: int | None = None) -> dict[str, str]:
    rows = [leadpage.target(*one) for one in leadpage.targets(actor, year or clock.today().year)]
    return {row["least"]: row["fraction"] for row in rows if row["unit"] == unit_label}


def test_targets_are_done_over_owed(coordinator: Actor, client: Client) -> None:
    park, leader = cast.unit(kind=UnitKind.PARK), life.leader()
    year = clock.today().year
    for least, owed in ((200_000, 3), (100_000, 5)):
        services.set_target(actor=coordinator, unit=park, year=year, least=Decimal(least), count=owed)
    big, small, refused, ended = (life.lead(total_investment=money) for money in (200_000, 150_000, 200_000, 200_000))
    mine = actor_for(leader.user)
    for of in (big, small, refused, ended):
        services.recommend_park(actor=SYSTEM, code=of.code, park=park, leader=leader)
        consent = of != refused
        services.answer_park(actor=mine, code=of.code, consent=consent, text="容量不足")
    services.terminate(actor=coordinator, code=ended.code, reason="撤资")
    life.lead(total_investment=None, unit=park)  # counts for no amount
    with clock.at(clock.now() - timedelta(days=400)):
        life.lead(unit=park)  # of another year
    rows = [leadpage.target(*one) for one in leadpage.targets(coordinator, year)]
    counted = [(row["fraction"].split("=")[0].strip(), row["missing"]) for row in rows]
    assert [one[1] for one in counted] == [2, 3]
    assert all(part in rows[0]["fraction"] for part in ("1", "3"))
    assert all(part in rows[1]["fraction"] for part in ("2", "5"))
    client.force_login(coordinator.user)
    for row, number in zip(rows, (1, 2), strict=True):  # the figure opens into its rows
        shown = {one["code"] for one in client.get(row["url"]).context["rows"]}
        assert (len(shown), shown & {refused.code, ended.code}) == (number, set())


def test_a_target_is_set_by_the_coordinator_and_seen_by_its_unit(coordinator: Actor, officer: Actor) -> None:
    own, year = officer.posts[0].unit, clock.today().year
    given = {"unit": own, "year": year, "least": Decimal(0), "count": 1}
    for role in (Role.UNIT_OFFICER, Role.LEADER, Role.SUPERVISOR, Role.CHIEF):
        with pytest.raises(PermissionDenied):
            services.set_target(actor=cast.actor(role), **given)
    for wrong in ({"year": 1999}, {"least": Decimal(-1)}, {"count": -1}):
        with pytest.raises(ValidationError):
            services.set_target(actor=coordinator, **{**given, **wrong})
    services.set_target(actor=coordinator, **given)
    services.set_target(actor=coordinator, **{**given, "count": 2})
    assert LibraryTarget.objects.get().count == 2
    assert len(leadpage.targets(officer, year)) == len(leadpage.targets(coordinator, year)) == 1
    assert leadpage.targets(cast.actor(Role.UNIT_OFFICER), year) == []
    assert leadpage.targets(officer, year + 1) == []
    services.set_target(actor=coordinator, **{**given, "count": 0})
    assert leadpage.targets(coordinator, year) == []


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_finds_by_where_a_lead_stands(client: Client, coordinator: Actor) -> None:
    fresh, talked, brief, bad = (life.lead() for _ in range(4))
    for of in (talked, brief, bad):
        life.first_talk(of)
    life.evaluate(brief)
    life.evaluate(bad, favourable=False)
    over = life.lead()
    services.terminate(actor=SYSTEM, code=over.code, reason="撤资")
    client.force_login(coordinator.user)
    here = "/app/leads/"
    assert {row["code"] for row in client.get(here).context["rows"]} == {
        of.code for of in (fresh, talked, brief, bad, over)
    }
    for at, of in (("contact", fresh), ("evaluation", talked), ("brief", brief), ("unfavourable", bad), ("over", over)):
        rows = client.get(here, {"at": at}).context["rows"]
        assert [(row["code"], row["standing"]) for row in rows] == [(of.code, str(leadpage.LABELS[at]))], at


SENSELESS = [
    {"year": "0000"}, {"year": "9999"}, {"year": "0001"}, {"year": "²⁰²⁶"}, {"least": "1e999"}, {"least": "1e-999"},
    {"least": "1e999999"}, {"least": "1e-999999"}, {"least": "sNaN"},
    {"least": "NaN"}, {"least": "-1"}, {"least": "9" * 16}, {"unit": "'"}, {"at": "nonsense"}, {"q": "%_"},
    {"q": "x" * 5000}, {"least": "1e13"},
]  # fmt: skip


def test_senseless_filters_break_nothing(client: Client, coordinator: Actor) -> None:
    life.lead()
    client.force_login(coordinator.user)
    for query in SENSELESS:
        assert client.get("/app/leads/", query).status_code == 200, query
    for year in ("0000", "0001", "9999", "²⁰²⁶", "x"):
        assert client.get("/app/leads/library/", {"year": year}).status_code == 200, year
