"""What an issue hides stays hidden by every way round: posts, decisions, events, notices, search, clocks."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.actors import Actor, actor_for
from accounts.models import Post
from accounts.roles import Role
from common.errors import NotVisible, PermissionDenied, ValidationError
from deadlines.models import Clock
from issues import policy, services
from issues.api import shape
from issues.models import Decision, Event, Issue
from issues.services.search import rows_matching
from notices.models import Notice
from tests.cast import LONG_AGO, District


def sees(actor: Actor, issue: Issue) -> bool:
    return Issue.objects.visible_to(actor_for(actor.user)).filter(pk=issue.pk).exists()


def also(actor: Actor, role: str, unit: Any = None, **fields: Any) -> Actor:
    """The same person with one post more."""
    Post.objects.create(user=actor.user, role=role, unit=unit, starts_at=LONG_AGO, **fields)
    return actor_for(actor.user)


def about(issue: Issue, unit: Any) -> Issue:
    Issue.objects.filter(pk=issue.pk).update(about_unit=unit)
    return Issue.objects.get(pk=issue.pk)


def shown(actor: Actor, issue: Issue) -> dict[str, Any]:
    return shape.page_of(Issue.objects.filter(pk=issue.pk).for_detail(), actor)[0]


def told(actor: Actor, issue: Issue, kind: str) -> dict[str, Any]:
    event = Event.objects.filter(issue=issue, kind=kind).latest("seq")
    return shape.event_of(event, policy.fields(actor, Issue.objects.get(pk=issue.pk)))


# --- who sees a complaint --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR, Role.DISCIPLINE])
def test_no_wide_role_sees_a_complaint_about_the_own_unit(d: District, role: str) -> None:
    inside, outside = d.person("inside", role, d.water), d.person("outside", role, d.city)
    issue = about(d.submit(kind="complaint"), d.water)
    assert not sees(inside, issue)
    assert sees(outside, issue)


def test_who_sees_everything_in_one_post_and_is_accused_in_another(d: District) -> None:
    issue = about(d.submit(kind="complaint"), d.water)
    assert sees(d.supervisor, issue)
    also(d.supervisor, Role.UNIT_OFFICER, d.water)
    assert not sees(d.supervisor, issue)


def test_a_specialist_meets_no_complaint_of_an_enterprise_in_care(d: District) -> None:
    complaint, plain = (d.submit(actor=d.enterprise, kind=kind) for kind in ("complaint", "issue"))
    assert complaint.enterprise_id == plain.enterprise_id == d.firm.pk
    assert sees(d.specialist, plain)
    assert not sees(d.specialist, complaint)


def test_a_specialist_meets_no_anonymous_issue_of_an_enterprise_in_care(d: District) -> None:
    anonymous = d.submit(actor=d.enterprise, confidentiality="anonymous")
    assert not sees(d.specialist, anonymous)
    named = Issue.objects.filter(pk=anonymous.pk)
    named.update(specialist=d.specialist.posts[0], readers=[*anonymous.readers, d.specialist.posts[0].pk])
    assert sees(d.specialist, anonymous)  # the control: who was given it by name works on it


# --- decisions -------------------------------------------------------------------------------------------------------


def decided(d: District, issue: Issue, unit: str = "SWJ") -> Decision:
    issue = d.do("escalate", issue, d.officer, text="需要协调")
    d.do("decide", issue, d.leader, text="内部意见：由该局兜底", unit=unit)
    return Decision.objects.get(issue=issue)


def test_a_decision_is_not_there_for_who_only_submitted(d: District) -> None:
    issue = d.do("sign", d.assign(d.submit(actor=d.enterprise)), d.officer)
    decision = decided(d, issue)
    assert sees(d.enterprise, issue)
    assert not Decision.objects.visible_to(d.enterprise).exists()
    assert not Decision.objects.visible_to(d.submitter(issue)).exists()
    assert list(Decision.objects.visible_to(d.officer)) == [decision]


def test_a_decision_on_a_complaint_is_not_there_for_the_accused(d: District) -> None:
    issue = d.do("sign", d.assign(d.submit()), d.officer)
    decision = decided(d, issue, unit="CGJ")
    assert list(Decision.objects.visible_to(d.city_officer)) == [decision]
    about(issue, d.city)
    assert not Decision.objects.visible_to(d.city_officer).exists()
    assert list(Decision.objects.visible_to(d.officer)) == [decision]


def test_a_decisions_words_follow_the_text_of_a_commercial_issue(d: District) -> None:
    issue = d.assign(d.submit(confidentiality="commercial"), co_units=["GDJ"])
    issue = d.do("sign", issue, d.officer)
    decision = decided(d, issue)
    services.feed_back_decision(decision_id=decision.pk, actor=d.officer, text="配方已核对")
    decision = Decision.objects.for_api().get()
    hidden, open_one = (shape.decision_of(decision, actor) for actor in (d.power_officer, d.officer))
    assert (hidden["text"], hidden["feedback"][0]["text"]) == (None, None)
    assert (open_one["text"], open_one["feedback"][0]["text"]) == (decision.text, "配方已核对")


# --- fields and events -----------------------------------------------------------------------------------------------


def test_who_submitted_reads_no_words_among_staff_whatever_other_post_they_hold(d: District) -> None:
    """An officer of another unit who is the enterprise's account as well: of the own issue only what is public."""
    both = also(d.city_officer, Role.ENTERPRISE, enterprise_id=d.firm.pk)
    issue = d.assign(d.submit(actor=d.enterprise))
    assert sees(both, issue)
    assert not policy.fields(both, issue).staff
    worked_on = d.assign(d.submit(actor=d.enterprise), unit="CGJ")
    assert policy.fields(both, worked_on).staff  # the control: there the own unit has the lead


def test_a_submitter_reads_neither_persons_nor_words_among_staff_in_events(d: District) -> None:
    issue = d.assign(d.submit(), text="此件有难度，请慎重")
    mine, staff = told(d.submitter(issue), issue, "assign"), told(d.officer, issue, "assign")
    assert staff["data"]["text"] == "此件有难度，请慎重"
    assert "text" not in mine["data"]
    assert d.coordinator.user.name in staff["by"]
    assert mine["by"] == d.desk_unit.name
    issue = d.do("feed_back", d.do("sign", issue, d.officer), d.officer, text="已踏勘", public=True)
    answer = told(d.submitter(issue), issue, "feed_back")
    assert answer["data"]["text"] == "已踏勘"  # the control: what is meant for them
    assert answer["by"] == d.water.name


def test_events_do_not_say_whose_anonymous_issue_it_is(d: District) -> None:
    issue = d.submit(confidentiality="anonymous")
    services.identify(issue_id=issue.pk, actor=d.coordinator, enterprise=d.firm)
    issue = d.assign(Issue.objects.get(pk=issue.pk))
    assert told(d.coordinator, issue, "identify")["data"]["enterprise"] == d.firm.pk
    assert "enterprise" not in told(d.officer, issue, "identify")["data"]
    assert "project" not in told(d.officer, issue, "identify")["data"]


def test_the_specialist_of_an_anonymous_issue_is_not_named_to_the_unit(d: District) -> None:
    issue = d.assign(d.submit(confidentiality="anonymous"))
    Issue.objects.filter(pk=issue.pk).update(specialist=d.specialist.posts[0])
    assert shown(d.officer, issue)["specialist"] is None
    assert shown(d.coordinator, issue)["specialist"] == "specialist"


# --- notices, clocks, search -----------------------------------------------------------------------------------------


def test_a_complaint_that_rises_is_told_to_the_supervisor_not_the_coordinator(d: District) -> None:
    complaint, issue = d.submit(kind="complaint"), d.submit()
    complaint = d.do("sign", d.assign(complaint, actor=d.supervisor), d.officer)
    issue = d.do("sign", d.assign(issue), d.officer)
    for one in (complaint, issue):
        Issue.objects.filter(pk=one.pk).update(layer=2)
        d.do("escalate", one, d.officer, text="需要区领导协调")
    of = {
        one.pk: set(Notice.objects.filter(ref=one.number, word="escalate").values_list("user__username", flat=True))
        for one in (complaint, issue)
    }
    assert {"chief", "coordinator"} <= of[issue.pk]
    assert {"chief", "supervisor"} <= of[complaint.pk]
    assert "coordinator" not in of[complaint.pk]


def test_no_deadline_of_a_complaint_is_without_a_holder_or_a_leader(d: District) -> None:
    """What nobody holds, and the upper rungs of what nobody leads, fall to the coordinators."""
    d.line.delete()
    complaint = d.submit(kind="complaint")
    watch = d.supervisor.posts[0].pk
    acceptance = Clock.objects.get(subject_id=complaint.pk)
    assert (acceptance.holder_post_id, acceptance.leader_id) == (watch, watch)
    complaint = d.do("sign", d.assign(complaint, actor=d.supervisor), d.officer)
    assert complaint.leader_id is None
    d.evidence(complaint)
    complaint = d.do("propose", complaint, d.officer, outcome="solved", account="已处理")
    rows = Clock.objects.filter(subject_id=complaint.pk).values_list("holder_unit", "holder_post", "leader")
    assert all(unit or post == watch for unit, post, _leader in rows)
    assert {leader for _unit, _post, leader in rows} == {watch}
    plain = Clock.objects.get(subject_id=d.submit().pk)
    assert (plain.holder_post_id, plain.leader_id) == (None, None)  # the control


def test_a_submitters_deadline_is_held_by_nobody_of_the_staff(d: District) -> None:
    complaint = d.do("return", d.submit(kind="complaint"), d.supervisor, text="请补充时间地点")
    supplement = Clock.objects.get(subject_id=complaint.pk, kind="supplement")
    assert (supplement.side, supplement.holder_post_id) == ("submitter", None)


def test_the_discipline_office_searches_complaints_alone_in_full(d: District) -> None:
    """By words that an issue hides, it finds a complaint and nothing else."""
    complaint = d.submit(actor=d.enterprise, kind="complaint", confidentiality="anonymous")
    issue = d.submit(actor=d.enterprise, confidentiality="anonymous")

    def found(actor: Actor) -> set[int]:
        return set(rows_matching(actor, "禾曦食品").values_list("issue_id", flat=True))

    assert found(d.discipline) == {complaint.pk}
    assert found(d.coordinator) == {complaint.pk, issue.pk}
    assert found(d.officer) == set()


def test_a_unit_that_works_on_it_cannot_become_the_one_complained_of(d: District) -> None:
    """Lead, part or decision: it must be taken off first, else the accused would go on reading."""
    complaint = d.assign(d.submit(kind="complaint"), actor=d.supervisor, co_units=["GDJ"])
    complaint = d.do("sign", complaint, d.officer)
    complaint = d.do("escalate", complaint, d.officer, text="需要协调")
    complaint = d.do("decide", complaint, d.leader, text="由城管局配合", unit="CGJ")
    for unit in (d.water, d.power, d.city):
        with pytest.raises(ValidationError):
            services.identify(issue_id=complaint.pk, actor=d.supervisor, enterprise=None, about_unit=unit)
    services.identify(issue_id=complaint.pk, actor=d.supervisor, enterprise=None, about_unit=d.town)
    assert Issue.objects.get(pk=complaint.pk).about_unit == d.town


def test_a_complaint_is_nobodys_to_touch_but_the_desks(d: District) -> None:
    complaint = d.submit(kind="complaint")
    with pytest.raises(NotVisible):
        d.assign(complaint)
    with pytest.raises(PermissionDenied):
        d.assign(complaint, actor=d.chief)
