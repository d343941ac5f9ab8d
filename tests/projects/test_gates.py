"""The gates: each names exactly what is missing, links to where it is mended, and opens when it is there."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client

from accounts.actors import SYSTEM, Actor
from accounts.roles import Role
from accounts.services import end_post, hand_over
from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from deadlines.models import Clock
from projects import gates, services
from projects.models import Project, StageChange
from projects.querysets import ProjectQuerySet
from projects.services.projects import DAYS
from projects.states import NEXT, OVER, SECOND_MANAGER_FROM, Stage
from projects.views import stages as stage_views
from tests.accounts import cast
from tests.projects import life

pytestmark = pytest.mark.django_db


def missing(of: Project, actor: Actor = SYSTEM) -> list[str]:
    with pytest.raises(Conflict) as caught:
        services.advance(actor=actor, code=of.code)
    assert caught.value.code == "gate"
    return [one["key"] for one in caught.value.facts["missing"]]


def test_the_gates_are_those_of_the_rules() -> None:
    assert {to: [one.key for one in gate] for to, gate in gates.GATES.items()} == life.GATES
    assert list(life.GATES) == list(NEXT.values())


@pytest.mark.parametrize("to", life.GATES)
def test_each_thing_is_missed_by_itself_and_mended(client: Client, coordinator: Actor, to: Stage) -> None:
    of = life.lead()
    Project.objects.filter(pk=of.pk).update(stage=life.BEFORE[to])
    client.force_login(coordinator.user)
    here = f"/app/projects/{of.code}/stages/"
    keys = list(life.GATES[to])
    while keys:
        assert missing(of, coordinator) == keys
        shown = client.get(here).context
        assert [row["url"] for row in shown["gate"] if not row["met"]] == [
            one.url(of) for one in gates.GATES[to] if one.key in keys
        ]
        assert not shown["open"]
        key = keys.pop(len(keys) // 2)  # from the middle: no order is asked for
        url = next(one.url(of) for one in gates.GATES[to] if one.key == key)
        assert client.get(url).status_code == 200, key
        life.MEND[key](of, coordinator)
    assert client.get(here).context["open"]
    assert services.advance(actor=coordinator, code=of.code).stage == to
    change = StageChange.objects.get(project=of)
    assert (change.from_stage, change.to_stage, change.missing, change.by) == (
        life.BEFORE[to], to, [], coordinator.user,
    )  # fmt: skip


def test_the_page_says_what_is_missing_and_goes_on_when_mended(client: Client) -> None:
    of = life.at_gate("negotiation", but="first_contact")
    client.force_login(cast.actor(Role.UNIT_OFFICER, of.unit).user)
    here = f"/app/projects/{of.code}/stages/"
    blocked = client.post(here + "advance/", {"version": of.version})
    assert blocked.status_code == 409
    mend = f"/app/projects/{of.code}/lead/first-talk/"
    assert mend in blocked.content.decode()
    owner = cast.post(Role.UNIT_OFFICER, of.unit)
    assert client.post(mend, {"owner": owner.pk, "on": "", "text": ""}).status_code == 302
    assert client.post(here + "advance/", {"version": of.version}).url == here
    of.refresh_from_db()
    assert (of.stage, of.stage_since) == (Stage.NEGOTIATION, clock.today())
    assert client.post(here + "advance/", {"version": of.version - 1}).status_code == 409
    assert client.post(here + "advance/", {"version": "9" * 5000}).status_code == 409
    assert client.get(here + "advance/").status_code == 405


@pytest.mark.parametrize("kind", ["environment", "energy", "safety"])
def test_a_veto_after_a_pass_closes_the_gate_again(coordinator: Actor, kind: str) -> None:
    of = life.at_gate("signing")
    life.review(of, kind, coordinator, passed=False)
    assert missing(of) == [f"review_{kind}"]
    life.review(of, kind, coordinator)
    assert services.advance(actor=coordinator, code=of.code).stage == Stage.SIGNING


@pytest.mark.parametrize(
    ("money", "enough"),
    [
        (None, {"park", "executive", "standing"}),
        ("9999.99", {"park", "executive", "standing"}),
        ("10000", {"executive", "standing"}),
        ("99999.99", {"executive", "standing"}),
        ("100000", {"standing"}),
    ],
)
def test_the_tier_that_the_amount_asks_for(money: str | None, enough: set[str]) -> None:
    for tier in ("park", "executive", "standing"):
        of = life.at_gate("signing", but="decision")
        Project.objects.filter(pk=of.pk).update(total_investment=money)
        life.decide(of, tier=tier)
        of.refresh_from_db()
        assert (gates.missing_of(of, "signing") == []) == (tier in enough), (money, tier)


def test_a_later_refusal_takes_an_earlier_yes_back() -> None:
    of = life.at_gate("signing")
    before = clock.today() - timedelta(days=1)
    life.decide(of, favourable=False, on=before)  # entered late: the yes is newer
    assert gates.missing_of(of, "signing") == []
    life.decide(of, tier="park", favourable=False)  # may not decide on this amount, so can't refuse it either
    assert gates.missing_of(of, "signing") == []
    life.decide(of, favourable=False)
    assert missing(of) == ["decision"]
    life.decide(of)
    assert gates.missing_of(of, "signing") == []


def test_more_money_asks_for_a_higher_tier() -> None:
    of = life.at_gate("signing", but="decision")
    services.change_project(actor=SYSTEM, code=of.code, total_investment=5_000)
    life.decide(of, tier="park")
    of.refresh_from_db()
    assert gates.missing_of(of, "signing") == []
    services.change_project(actor=SYSTEM, code=of.code, total_investment=SECOND_MANAGER_FROM)
    assert missing(of) == ["decision"]


def test_what_ends_is_missing_again(coordinator: Actor) -> None:
    of = life.at_gate("construction")
    assert gates.missing_of(of, "construction") == []
    services.end_manager(actor=coordinator, code=of.code, manager_id=of.managers.get().pk, reason="调离")
    services.end_member(actor=coordinator, code=of.code, member_id=of.team.get().pk, reason="调离")
    services.correct_date(actor=coordinator, code=of.code, field="signed_on", on=None, reason="误录")
    assert missing(of) == ["manager", "specialist", "signed_on"]
    agent = cast.post(Role.SPECIALIST, cast.unit())
    services.name_member(actor=coordinator, code=of.code, post=agent, duty="agent")  # no specialist
    assert "specialist" in missing(of)


def test_who_has_left_the_post_counts_no_more_until_there_is_an_heir() -> None:
    of = life.at_gate("construction")
    left, specialist = of.managers.get().post, of.team.get().post
    heir = life.leader()
    end_post(actor=SYSTEM, post_id=left.pk)
    end_post(actor=SYSTEM, post_id=specialist.pk)
    assert missing(of) == ["manager", "specialist"]
    hand_over(actor=SYSTEM, post_id=left.pk, heir_id=heir.pk)
    assert missing(of) == ["specialist"]


def test_an_unfavourable_evaluation_and_a_file_of_another_kind_open_nothing() -> None:
    of = life.at_gate("signing", but="evaluation")
    life.evaluate(of, favourable=False)
    assert missing(of) == ["evaluation"]
    from django.core.files.uploadedfile import SimpleUploadedFile

    of = life.at_gate("construction", but="agreement")
    services.add_project_file(
        actor=SYSTEM, code=of.code, file=SimpleUploadedFile("图.txt", b"x"), kind="project"
    )  # fmt: skip
    assert missing(of) == ["agreement"]
    with pytest.raises(ValidationError):
        services.add_project_file(
            actor=SYSTEM, code=of.code, file=SimpleUploadedFile("图.txt", b"x"), kind="issue"
        )  # fmt: skip


@pytest.mark.parametrize("state", ["pending", "running", "returned", "refused", "dropped"])
def test_a_permit_that_is_not_granted_opens_nothing(state: str) -> None:
    of = life.at_gate("construction")
    of.plan.update(state=state)
    assert missing(of) == ["construction_permit"]


# --- overridden -------------------------------------------------------------------------------------------------------


def test_an_override_stays_visible_for_good(client: Client, coordinator: Actor) -> None:
    of = life.at_gate("signing", but="review_energy")
    unit_head = cast.actor(Role.UNIT_HEAD, of.unit)
    with pytest.raises(PermissionDenied):
        services.override_gate(actor=unit_head, code=of.code, reason="急")
    with pytest.raises(ValidationError):
        services.override_gate(actor=coordinator, code=of.code, reason=" ")
    client.force_login(coordinator.user)
    form = {"version": of.version, "reason": "能评补办，区政府已同意"}
    assert client.post(f"/app/projects/{of.code}/stages/override/", form).status_code == 302
    change = StageChange.objects.get(project=of)
    assert (change.missing, change.reason, change.by, change.post) == (
        ["review_energy"], "能评补办，区政府已同意", coordinator.user, coordinator.posts[0],
    )  # fmt: skip
    life.review(of, "energy")  # mended afterwards: it stays
    services.terminate(actor=coordinator, code=of.code, reason="企业撤资")
    client.force_login(unit_head.user)
    for page in ("", "stages/"):
        text = client.get(f"/app/projects/{of.code}/{page}").content.decode()
        assert "能评补办，区政府已同意" in text, page
        assert coordinator.user.name in text, page
        assert str(gates.LABELS["review_energy"]) in text, page


def test_an_open_gate_is_not_overridden(coordinator: Actor) -> None:
    of = life.at_gate("negotiation")
    with pytest.raises(Conflict) as caught:
        services.override_gate(actor=coordinator, code=of.code, reason="急")
    assert caught.value.code == "gate_open"


# --- no way back ------------------------------------------------------------------------------------------------------


def test_nobody_moves_back_and_nobody_past_the_end(coordinator: Actor) -> None:
    for verb in (services.change_project, services.describe_project):
        with pytest.raises(TypeError):
            verb(actor=coordinator, code=life.project("production").code, stage="planning")
    last = life.project("operation")
    for verb in (services.advance, lambda **given: services.override_gate(reason="急", **given)):
        with pytest.raises(Conflict) as caught:
            verb(actor=coordinator, code=last.code)
        assert caught.value.facts["state"] == "operation"


def test_terminated_stops_the_clocks_and_can_only_be_struck_off(coordinator: Actor) -> None:
    of, other = life.lead(), life.lead()
    with pytest.raises(Conflict):
        services.strike_off(actor=coordinator, code=of.code, reason="销号")
    with pytest.raises(ValidationError):
        services.terminate(actor=coordinator, code=of.code, reason="")
    services.terminate(actor=coordinator, code=of.code, reason="企业撤资")
    mine, others = (Clock.objects.get(subject_kind="project", subject_id=one.pk) for one in (of, other))
    assert (mine.stopped_at is not None, mine.stop_reason, mine.met_at) == (True, "terminated", None)
    assert others.stopped_at is None
    for verb, more in (("advance", {}), ("override_gate", {"reason": "x"}), ("terminate", {"reason": "x"})):
        with pytest.raises(Conflict):
            getattr(services, verb)(actor=coordinator, code=of.code, **more)
    with pytest.raises(Conflict):
        life.evaluate(of, coordinator)
    services.strike_off(actor=coordinator, code=of.code, reason="已清算")
    of.refresh_from_db()
    assert (of.stage, of.ended_reason) == (Stage.STRUCK_OFF, "企业撤资")
    with pytest.raises(Conflict):
        services.strike_off(actor=coordinator, code=of.code, reason="再来")
    assert [one.to_stage for one in of.stage_changes.all()] == ["struck_off", "terminated"]


# --- two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("version", [True, False], ids=["with version", "without"])
def test_two_advance_at_once_and_one_is_told(version: bool) -> None:
    for _round in range(5):
        of = life.at_gate("negotiation")
        begin, answers = threading.Barrier(2), []

        def act(of: Project = of, begin: threading.Barrier = begin, answers: list[str] = answers) -> None:
            try:
                begin.wait(10)
                services.advance(actor=SYSTEM, code=of.code, version=of.version if version else None)
                answers.append("moved")
            except Conflict as conflict:
                answers.append(conflict.code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=act) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == (["moved", "version"] if version else ["gate", "moved"])
        assert StageChange.objects.filter(project=of).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both have read before either writes, which the lock forbids."""
    of, read, look = life.at_gate("negotiation"), threading.Barrier(2), gates.missing_of
    monkeypatch.setattr(ProjectQuerySet, "select_for_update", lambda self, **_how: self)
    monkeypatch.setattr(gates, "missing_of", lambda *of: (look(*of), read.wait(10))[0])

    def act() -> None:
        try:
            services.advance(actor=SYSTEM, code=of.code, version=of.version)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=act) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert StageChange.objects.filter(project=of).count() == 2


def test_words() -> None:
    assert {stage for stage in Stage if stage not in NEXT} == {Stage.OPERATION, *OVER}
    assert set(stage_views.DAYS) == DAYS
