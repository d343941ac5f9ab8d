"""Gates and stages: each requirement by itself, in turn; overridden for good; ended; days written once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import SYSTEM, Actor
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from deadlines.models import Clock
from documents.models import Attachment
from projects import gates, services
from projects.models import PlanItem, Project, StageChange
from projects.services.stages import may_read_file
from projects.states import WAY, Criterion, Review, Stage, Tier
from tests.accounts import cast

CODE = "P-1"


def mend(key: str, boss: Actor, project: Project) -> None:
    """What makes one requirement hold, by the verb whose form the page links to."""
    {
        "first_contact": lambda: services.record_first_talk(actor=boss, code=CODE, owner=boss.posts[0]),
        "evaluation": lambda: services.evaluate(
            actor=boss, code=CODE, favourable=True, opinion="同意", scores=dict.fromkeys(Criterion.values, (8, "好"))
        ),
        **{f"review_{kind.value}": reviewing(boss, kind) for kind in Review},
        "decision": lambda: decide(boss, Tier.STANDING),
        "manager": lambda: services.name_manager(actor=boss, code=CODE, post=cast.post(Role.LEADER, cast.unit())),
        "lead_unit": lambda: services.change_project(actor=boss, code=CODE, lead_unit=cast.unit()),
        "specialist": lambda: services.name_member(
            actor=boss, code=CODE, post=cast.post(Role.SPECIALIST, cast.unit()), duty="specialist"
        ),
        "signed_on": lambda: services.record_date(actor=boss, code=CODE, field="signed_on", on=clock.today()),
        "agreement": lambda: services.add_project_file(
            actor=boss, code=CODE, kind="agreement", file=ContentFile("协议".encode(), name="协议.txt")
        ),
        "construction_permit": lambda: done(project, "construction_permit"),
        "joint_acceptance": lambda: done(project, "joint_acceptance"),
        "capacity_on": lambda: services.record_date(actor=boss, code=CODE, field="capacity_on", on=clock.today()),
    }[key]()


def reviewing(boss: Actor, kind: Review, *, passed: bool = True) -> Callable[[], object]:
    given = {"kind": kind, "passed": passed, "text": "可行", "unit": cast.unit()}
    return lambda: services.record_review(actor=boss, code=CODE, **given)


def decide(boss: Actor, tier: Tier, *, favourable: bool = True, days: int = 0) -> None:
    on = clock.today() - timedelta(days=days)
    services.record_decision(actor=boss, code=CODE, tier=tier, favourable=favourable, on=on, number="〔2026〕3号")


def done(project: Project, key: str) -> None:
    PlanItem.objects.create(project=project, key=key, kind="approval", name=key, state="done")


@pytest.fixture
def project(coordinator: Actor) -> Project:
    return services.create_project(actor=coordinator, code=CODE, name="冷链物流园", total_investment=Decimal(120_000))


def lacking() -> list[str]:
    project = Project.objects.get(code=CODE)
    return [one.key for one in gates.missing_of(project, WAY[WAY.index(Stage(project.stage)) + 1])]


def test_the_whole_way_one_requirement_after_the_other(coordinator: Actor, project: Project) -> None:
    """Each gate refuses until the very last thing is there, says what is missing, and each thing closes one gap."""
    for stage in WAY[1:]:
        keys = [one.key for one in gates.GATES[stage]]
        while keys:
            assert lacking() == keys
            with pytest.raises(Conflict) as refused:
                services.advance(actor=coordinator, code=CODE)
            assert refused.value.code == "gate"
            assert [one["key"] for one in refused.value.facts["missing"]] == keys
            assert all(one["url"].startswith(f"/app/projects/{CODE}/") for one in refused.value.facts["missing"])
            mend(keys.pop(0), coordinator, project)
        assert services.advance(actor=coordinator, code=CODE).stage == stage
    with pytest.raises(Conflict, match="最后"):
        services.advance(actor=coordinator, code=CODE)
    steps = StageChange.objects.filter(project=project)
    assert [(step.missing, step.reason) for step in steps] == [([], "")] * 5


def test_the_last_word_of_a_review_counts(coordinator: Actor, project: Project) -> None:
    reviewing(coordinator, Review.SAFETY)()
    assert "review_safety" not in gates_of(Stage.SIGNING)
    reviewing(coordinator, Review.SAFETY, passed=False)()
    assert "review_safety" in gates_of(Stage.SIGNING)
    reviewing(coordinator, Review.SAFETY)()
    assert "review_safety" not in gates_of(Stage.SIGNING)


def gates_of(stage: str) -> list[str]:
    return [one.key for one in gates.missing_of(Project.objects.get(code=CODE), stage)]


@pytest.mark.parametrize(
    ("amount", "tier", "enough"),
    [
        (9_999, Tier.PARK, True),
        (10_000, Tier.PARK, False),
        (10_000, Tier.EXECUTIVE, True),
        (99_999, Tier.EXECUTIVE, True),
        (100_000, Tier.EXECUTIVE, False),
        (100_000, Tier.STANDING, True),
        (None, Tier.PARK, True),
        (1, Tier.STANDING, True),
    ],
)
def test_the_tier_of_the_decision(coordinator: Actor, project: Project, amount, tier, enough) -> None:
    Project.objects.update(total_investment=amount)
    decide(coordinator, tier)
    assert ("decision" not in gates_of(Stage.SIGNING)) == enough


def test_a_later_refusal_takes_the_yes_back(coordinator: Actor, project: Project) -> None:
    decide(coordinator, Tier.STANDING, days=3)
    decide(coordinator, Tier.PARK, favourable=False, days=2)  # too low to decide on 12 亿元 either way
    assert "decision" not in gates_of(Stage.SIGNING)
    decide(coordinator, Tier.STANDING, favourable=False, days=1)
    assert "decision" in gates_of(Stage.SIGNING)


def test_who_has_left_does_not_count(coordinator: Actor, project: Project) -> None:
    mend("manager", coordinator, project)
    row = project.managers.get()
    services.end_manager(actor=coordinator, code=CODE, manager_id=row.pk, reason="转岗")
    services.name_member(actor=coordinator, code=CODE, post=cast.post(Role.SPECIALIST, cast.unit()), duty="agent")
    assert {"manager", "specialist"} <= set(gates_of(Stage.CONSTRUCTION))


def test_facts_of_many_cost_what_those_of_one_cost(coordinator: Actor, project: Project) -> None:
    for n in range(5):
        services.create_project(actor=coordinator, code=f"Q-{n}", name="x")
    counts = []
    for rows in (Project.objects.filter(code=CODE), Project.objects.all()):
        with CaptureQueriesContext(connection) as queries:
            gates.facts_of(list(rows))
        counts.append(len(queries))
    assert counts == [8, 8]


def test_an_override_stays_visible_for_good(coordinator: Actor, officer: Actor, project: Project) -> None:
    Project.objects.update(unit=officer.posts[0].unit)
    with pytest.raises(PermissionDenied):
        services.override_gate(actor=officer, code=CODE, reason="急")
    with pytest.raises(ValidationError):
        services.override_gate(actor=coordinator, code=CODE, reason=" ")
    services.override_gate(actor=coordinator, code=CODE, reason="区委专题会议定")
    step = StageChange.objects.get(project=project)
    assert (step.missing, step.reason, step.by) == (["first_contact"], "区委专题会议定", coordinator.user)
    mend("first_contact", coordinator, project)
    mend("evaluation", coordinator, project)
    for kind in Review:
        reviewing(coordinator, kind)()
    decide(coordinator, Tier.STANDING)
    with pytest.raises(Conflict) as refused:
        services.override_gate(actor=coordinator, code=CODE, reason="x")
    assert refused.value.code == "gate_open"
    assert StageChange.objects.get(project=project).missing == ["first_contact"]


def test_two_at_once_make_one_step(coordinator: Actor, project: Project) -> None:
    mend("first_contact", coordinator, project)
    version = Project.objects.get(code=CODE).version
    services.advance(actor=coordinator, code=CODE, version=version)
    with pytest.raises(Conflict) as refused:
        services.advance(actor=coordinator, code=CODE, version=version)
    assert refused.value.code == "version"


def test_termination_stops_deadlines_and_is_struck_off(coordinator: Actor) -> None:
    services.register_lead(actor=coordinator, code="L-1", name="线索")
    with pytest.raises(Conflict):
        services.strike_off(actor=coordinator, code="L-1", reason="x")
    services.terminate(actor=coordinator, code="L-1", reason="企业资金链断裂")
    found = Clock.objects.get(subject_ref="L-1")
    assert found.stopped_at is not None
    project = Project.objects.get(code="L-1")
    assert (project.stage, project.ended_reason) == ("terminated", "企业资金链断裂")
    for verb in (services.terminate, services.override_gate):
        with pytest.raises(Conflict):
            verb(actor=coordinator, code="L-1", reason="x")
    assert services.strike_off(actor=coordinator, code="L-1", reason="名单清理").stage == "struck_off"
    assert Project.objects.get(code="L-1").ended_reason == "企业资金链断裂"


def test_a_day_is_written_once(coordinator: Actor, officer: Actor, project: Project) -> None:
    Project.objects.update(unit=officer.posts[0].unit)
    given = {"code": CODE, "field": "started_on"}
    with pytest.raises(ValidationError):
        services.record_date(actor=officer, on=clock.today() + timedelta(days=1), **given)
    services.record_date(actor=officer, on=clock.today(), **given)
    with pytest.raises(Conflict):
        services.record_date(actor=officer, on=clock.today(), **given)
    with pytest.raises(PermissionDenied):
        services.correct_date(actor=officer, on=None, reason="x", **given)
    with pytest.raises(ValidationError):
        services.correct_date(actor=coordinator, on=None, reason="", **given)
    services.correct_date(actor=coordinator, on=None, reason="误登", **given)
    assert Project.objects.get(code=CODE).started_on is None
    with pytest.raises(TypeError):
        services.record_date(actor=coordinator, code=CODE, field="created_at", on=clock.today())


def test_files_are_for_who_sees_the_project(coordinator: Actor, officer: Actor, project: Project) -> None:
    file = ContentFile(b"plain", name="a.txt")
    with pytest.raises(NotVisible):
        services.add_project_file(actor=officer, code=CODE, kind="agreement", file=file)
    made = services.add_project_file(actor=coordinator, code=CODE, kind="project", file=file)
    assert isinstance(made, Attachment)
    assert gates_of(Stage.CONSTRUCTION).count("agreement") == 1  # another file is no agreement
    assert may_read_file(coordinator, project.pk, made)
    assert not may_read_file(officer, project.pk, made)
    firm = services.create_enterprise(actor=SYSTEM, name="禾曦食品")
    Project.objects.update(enterprise=firm)
    enterprise = cast.actor(Role.ENTERPRISE, enterprise_id=firm.pk)
    assert not may_read_file(enterprise, project.pk, made)
    made.public = True
    assert may_read_file(enterprise, project.pk, made)
