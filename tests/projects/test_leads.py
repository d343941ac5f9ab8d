"""Leads: registered, evaluated in seven working days, a park with consent, the brief and the leaders' word, targets."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.actors import Actor
from accounts.models import Unit
from accounts.roles import Role, UnitKind
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines import calendar
from deadlines.models import Clock
from projects import leadpage, services
from projects.models import EvaluationScore, Lead, Project
from projects.states import Criterion
from tests.accounts import cast

CODE = "L-1"
SCORES = dict.fromkeys(Criterion.values, (8, "专家组核验"))


@pytest.fixture
def park(db: None) -> Unit:
    return cast.unit("高新园", UnitKind.PARK)


@pytest.fixture
def lead(coordinator: Actor, park: Unit) -> Lead:
    return services.register_lead(
        actor=coordinator, code=CODE, name="数控机床项目", unit=park, total_investment=Decimal(200_000)
    )


def running(kind: str) -> list[Clock]:
    return list(Clock.objects.running().filter(subject_kind="project", subject_ref=CODE, kind=kind))


def evaluate(actor: Actor, **more: object) -> Lead:
    given = {"code": CODE, "scores": SCORES, "favourable": True, "opinion": "同意"}
    return services.evaluate(actor=actor, **{**given, **more})


def test_registration_begins_a_project_and_its_clock(coordinator: Actor, lead: Lead) -> None:
    assert (lead.project.stage, lead.project.stage_since) == ("planning", clock.today())
    (found,) = running("evaluation")
    assert calendar.day_of(found.due_at) == calendar.add_working_days(clock.today(), 7)


def test_a_unit_registers_its_own_alone(officer: Actor, park: Unit) -> None:
    own = officer.posts[0].unit
    with pytest.raises(ValidationError):
        services.register_lead(actor=officer, code=CODE, name="x", unit=park)
    with pytest.raises(ValidationError):
        services.register_lead(actor=officer, code=CODE, name="x")
    assert services.register_lead(actor=officer, code=CODE, name="x", unit=own).project.unit == own
    with pytest.raises(PermissionDenied):
        services.register_lead(actor=cast.actor(Role.SPECIALIST), code="L-2", name="x", unit=own)


@pytest.mark.parametrize("code", ["a/b", "a b", "", "-", "…", "x" * 33, "a?b", "a#b"])
def test_codes_fit_an_address(coordinator: Actor, code: str) -> None:
    with pytest.raises(ValidationError):
        services.register_lead(actor=coordinator, code=code, name="x")


def test_a_first_contact_makes_a_lead_of_a_project(coordinator: Actor) -> None:
    services.create_project(actor=coordinator, code=CODE, name="x")
    with pytest.raises(Conflict):
        evaluate(coordinator)
    services.record_first_talk(actor=coordinator, code=CODE, owner=coordinator.posts[0], text="一次洽谈")
    assert len(running("evaluation")) == 1
    services.record_first_talk(actor=coordinator, code=CODE, owner=coordinator.posts[0])
    assert len(running("evaluation")) == 1
    assert Lead.objects.get().first_talk == "一次洽谈"
    with pytest.raises(ValidationError):
        tomorrow = clock.today() + timedelta(days=1)
        services.record_first_talk(actor=coordinator, code=CODE, owner=coordinator.posts[0], on=tomorrow)


@pytest.mark.parametrize(
    ("scores", "field"),
    [
        ({**SCORES, "team": (11, "x")}, "team"),
        ({**SCORES, "team": (-1, "x")}, "team"),
        ({**SCORES, "team": (5, " ")}, "team_reason"),
        ({key: value for key, value in SCORES.items() if key != "cost"}, "cost"),
    ],
)
def test_seven_scores_with_reasons(coordinator: Actor, lead: Lead, scores, field) -> None:
    with pytest.raises(ValidationError) as wrong:
        evaluate(coordinator, scores=scores)
    assert field in wrong.value.message_dict
    assert EvaluationScore.objects.count() == 0


@pytest.mark.parametrize("favourable", [True, False])
def test_the_evaluation_meets_its_clock_and_starts_the_brief(coordinator: Actor, lead: Lead, favourable) -> None:
    evaluate(coordinator, favourable=favourable)
    assert running("evaluation") == []
    assert Clock.objects.get(kind="evaluation").met_at is not None
    assert len(running("briefing")) == favourable
    assert EvaluationScore.objects.filter(lead=lead).count() == 7
    with pytest.raises(Conflict):
        evaluate(coordinator)
    if not favourable:
        with pytest.raises(Conflict):
            services.issue_brief(actor=coordinator, code=CODE)


def test_the_brief_and_the_leaders_word(coordinator: Actor, lead: Lead) -> None:
    leader = cast.actor(Role.CHIEF)
    evaluate(coordinator)
    with pytest.raises(Conflict):
        services.give_opinion(actor=leader, code=CODE, text="抓紧")
    services.issue_brief(actor=coordinator, code=CODE)
    assert running("briefing") == []
    with pytest.raises(Conflict):
        services.issue_brief(actor=coordinator, code=CODE)
    with pytest.raises(PermissionDenied):
        services.give_opinion(actor=coordinator, code=CODE, text="抓紧")
    assert services.give_opinion(actor=leader, code=CODE, text="抓紧").post == leader.posts[0]


def test_a_park_takes_the_consent_of_the_leader_who_was_asked(coordinator: Actor, lead: Lead, park: Unit) -> None:
    leader, other = cast.actor(Role.LEADER), cast.actor(Role.LEADER)
    with pytest.raises(ValidationError):
        services.recommend_park(actor=coordinator, code=CODE, park=cast.unit(), leader=leader.posts[0])
    with pytest.raises(ValidationError):
        services.recommend_park(actor=coordinator, code=CODE, park=park, leader=coordinator.posts[0])
    with pytest.raises(NotVisible):
        services.answer_park(actor=leader, code=CODE, consent=True)
    services.recommend_park(actor=coordinator, code=CODE, park=park, leader=leader.posts[0])
    with pytest.raises(NotVisible):
        services.answer_park(actor=other, code=CODE, consent=True)
    with pytest.raises(PermissionDenied):
        services.answer_park(actor=coordinator, code=CODE, consent=True)
    with pytest.raises(ValidationError):
        services.answer_park(actor=leader, code=CODE, consent=False)
    services.answer_park(actor=leader, code=CODE, consent=False, text="用地不足")
    assert Project.objects.get().park is None
    with pytest.raises(Conflict):
        services.answer_park(actor=leader, code=CODE, consent=True)
    services.recommend_park(actor=coordinator, code=CODE, park=park, leader=leader.posts[0])
    services.answer_park(actor=leader, code=CODE, consent=True)
    assert Project.objects.get().park == park
    with pytest.raises(Conflict):
        services.recommend_park(actor=coordinator, code=CODE, park=park, leader=other.posts[0])


def test_where_a_lead_stands_is_said_alike_by_the_list_and_the_filter(coordinator: Actor, lead: Lead, park) -> None:
    leader = cast.actor(Role.LEADER)

    def standing() -> str:
        (row,) = leadpage.rows(leadpage.with_standing(Lead.objects.select_related("project")))
        found = [at for at in leadpage.LABELS if leadpage.standing_at(Lead.objects.all(), at).exists()]
        assert [str(leadpage.LABELS[at]) for at in found] == [row["standing"]]  # and no other filter finds it
        return found[0]

    told = [standing()]
    services.record_first_talk(actor=coordinator, code=CODE, owner=coordinator.posts[0])
    told.append(standing())
    evaluate(coordinator)
    told.append(standing())
    services.issue_brief(actor=coordinator, code=CODE)
    told.append(standing())
    services.recommend_park(actor=coordinator, code=CODE, park=park, leader=leader.posts[0])
    told.append(standing())
    services.terminate(actor=coordinator, code=CODE, reason="x")
    told.append(standing())
    assert told == ["contact", "evaluation", "brief", "talks", "park", "over"]


def test_the_library_counts_what_was_brought_in(coordinator: Actor, lead: Lead, park: Unit) -> None:
    year = clock.today().year
    for least, count in ((200_000, 3), (100_000, 5), (0, 0)):
        services.set_target(actor=coordinator, unit=park, year=year, least=Decimal(least), count=count)
    for n, money in enumerate((100_000, 99_999, None)):
        services.register_lead(actor=coordinator, code=f"M-{n}", name="x", unit=park, total_investment=money)
    rows = [leadpage.target(*one) for one in leadpage.targets(coordinator, year)]
    assert [(row["fraction"], row["missing"]) for row in rows] == [("1 ÷ 3", 2), ("2 ÷ 5", 3)]
    services.terminate(actor=coordinator, code=CODE, reason="x")
    assert [done for _target, done in leadpage.targets(coordinator, year)] == [0, 1]
    # Another's lead is the park's once the leader has consented, not before, and not because it lies there.
    asked = cast.actor(Role.LEADER)
    away = services.register_lead(actor=coordinator, code="A-1", name="x", unit=cast.unit(), park=park,
                                  total_investment=100_000)  # fmt: skip
    assert leadpage.targets(coordinator, year)[1][1] == 1
    services.recommend_park(actor=coordinator, code="A-1", park=park, leader=asked.posts[0])
    assert leadpage.targets(coordinator, year)[1][1] == 1
    services.answer_park(actor=asked, code="A-1", consent=True)
    assert leadpage.targets(coordinator, year)[1][1] == 2
    services.terminate(actor=coordinator, code=away.project.code, reason="x")
    assert leadpage.targets(coordinator, year - 1) == []
    assert leadpage.targets(cast.actor(Role.UNIT_HEAD), year) == []
    assert len(leadpage.targets(cast.actor(Role.UNIT_HEAD, park), year)) == 2
    with pytest.raises(PermissionDenied):
        services.set_target(actor=cast.actor(Role.UNIT_HEAD, park), unit=park, year=year, least=Decimal(0), count=0)
