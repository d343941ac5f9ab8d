"""Open work goes over when a post ends or a unit closes (PRODUCT.md §1): nothing is left with who is gone."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from accounts.actors import Actor, actor_for
from accounts.hooks import open_work
from accounts.roles import Role
from accounts.services import close_unit, end_post
from common import clock
from common.errors import Conflict, ValidationError
from deadlines.models import Clock
from issues.models import Category, Decision, Event, Issue, Span
from issues.services.chain import verify_chain
from issues.services.readers import readers
from notices.models import Notice
from projects.models import Enterprise
from tests.cast import District


@pytest.fixture
def security_admin(d: District) -> Actor:
    return d.person("security_admin", Role.SECURITY_ADMIN, d.hall)


@pytest.fixture
def system_admin(d: District) -> Actor:
    return d.person("system_admin", Role.SYSTEM_ADMIN, d.hall)


def coordinating(d: District) -> Issue:
    return d.do("escalate", d.signed(), d.officer, text="需要协调")


def test_a_leaders_open_cases_go_to_the_heir(d: District, security_admin: Actor) -> None:
    issue, other = coordinating(d), d.signed()
    leaver, heir = d.leader.posts[0], d.other_leader.posts[0]
    assert Clock.objects.open().filter(holder_post=leaver, kind="coordination").exists()
    [work] = [one for one in open_work(leaver) if one.label == "在办问题"]
    assert work.count == 2
    with d.later(hours=1):
        end_post(actor=security_admin, post_id=leaver.pk, heir_id=heir.pk)
        for one in (issue, other):
            version = one.version
            one.refresh_from_db()
            assert (one.leader_id, one.version) == (heir.pk, version + 1)
            assert heir.pk in one.readers
            assert leaver.pk not in one.readers
            assert one.readers == readers(one)
            event = Event.objects.get(issue=one, seq=one.event_seq)
            assert (event.kind, event.user_id, event.public) == ("hand_over", security_admin.user.pk, False)
            assert json.loads(event.body)["data"]["leader"] == [leaver.pk, heir.pk]
        assert not Clock.objects.open().filter(holder_post=leaver).exists()
        assert not Clock.objects.open().filter(leader=leaver).exists()
        assert Clock.objects.open().get(subject_id=issue.pk, kind="coordination").holder_post_id == heir.pk
        assert Span.objects.get(issue=issue, ended_at__isnull=True).post_id == heir.pk
        assert Span.objects.get(issue=issue, post=leaver).ended_at == clock.now()
        assert Notice.objects.get(word="hand_over").user == heir.user
        d.do("decide", issue, actor_for(heir.user), text="由水务局办", unit="SWJ")
    assert verify_chain()[1] is None


def test_a_handlers_name_and_only_of_the_own_unit(d: District, security_admin: Actor) -> None:
    named = d.do("sign", d.assign(d.submit()), d.officer, handler=d.officer.user.name)
    other = d.do("sign", d.assign(d.submit(), unit="GDJ"), d.power_officer, handler=d.officer.user.name)
    end_post(actor=security_admin, post_id=d.officer.posts[0].pk, heir_id=d.head.posts[0].pk)
    named.refresh_from_db(), other.refresh_from_db()
    assert named.handler == d.head.user.name
    assert other.handler == d.officer.user.name


def test_without_an_heir_nothing_moves(d: District, security_admin: Actor) -> None:
    issue = coordinating(d)
    end_post(actor=security_admin, post_id=d.leader.posts[0].pk)
    issue.refresh_from_db()
    assert issue.leader_id == d.leader.posts[0].pk


def test_what_is_closed_stays_with_who_led_it(d: District, security_admin: Actor) -> None:
    issue = d.rating()
    issue = d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    end_post(actor=security_admin, post_id=d.leader.posts[0].pk, heir_id=d.other_leader.posts[0].pk)
    issue.refresh_from_db()
    assert issue.leader_id == d.leader.posts[0].pk


def test_a_complaint_never_goes_to_who_is_complained_of(d: District, security_admin: Actor) -> None:
    """The heir to the supervisor's desk holds a post in the unit complained of: that complaint's clock stays."""
    mine = d.submit(kind="complaint", title="投诉甲")
    about = d.submit(kind="complaint", title="投诉乙")
    leaver = d.supervisor.posts[0]
    assert Clock.objects.open().filter(holder_post=leaver).count() == 2
    Issue.objects.filter(pk=about.pk).update(about_unit=d.water)
    heir = d.person("supervisor2", Role.SUPERVISOR, d.water)
    end_post(actor=security_admin, post_id=leaver.pk, heir_id=heir.posts[0].pk)
    held = Clock.objects.open().filter(holder_post=heir.posts[0]).values_list("subject_id", flat=True)
    assert list(held) == [mine.pk]


def close_water(d: District, admin: Actor, successor=None) -> None:
    for person in (d.officer, d.head):
        person.posts[0].ends_at = clock.now() - timedelta(minutes=1)
        person.posts[0].save()
    close_unit(actor=admin, unit_id=d.water.pk, on=date(2026, 3, 2), successor=successor)


def test_a_unit_with_open_cases_needs_a_successor(d: District, system_admin: Actor) -> None:
    d.signed()
    with pytest.raises(Conflict, match="1"):
        close_water(d, system_admin)
    d.water.refresh_from_db()
    assert d.water.valid_until is None


def test_a_unit_whose_cases_are_closed_needs_none(d: District, system_admin: Actor) -> None:
    issue = d.rating()
    d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    close_water(d, system_admin)
    d.water.refresh_from_db()
    assert d.water.valid_until == date(2026, 3, 2)


def test_the_successor_takes_all_of_it_and_can_work_on(d: District, system_admin: Actor) -> None:
    led, waiting = d.signed(), d.assign(d.submit())
    helped = d.assign(d.submit(), unit="GDJ", co_units=["SWJ"])
    decided = d.do("decide", coordinating(d), d.leader, text="限期办", unit="SWJ", co_units=["CGJ"], due="2026-03-20")
    Category.objects.update(unit=d.water)
    due = Clock.objects.open().get(subject_id=led.pk, kind="resolution").due_at
    with d.later(hours=2):
        close_water(d, system_admin, successor=d.city)
        assert not Clock.objects.open().filter(holder_unit=d.water).exists()
        assert Clock.objects.open().get(subject_id=led.pk, kind="resolution").due_at == due
        for issue in (led, waiting, helped, decided):
            version = issue.version
            issue.refresh_from_db()
            assert issue.version == version + 1
            assert issue.readers == readers(issue)
            assert d.water.pk not in issue.readers
            assert d.city.pk in issue.readers
            assert Event.objects.get(issue=issue, seq=issue.event_seq).kind == "hand_over"
        assert led.lead_unit == d.city == waiting.lead_unit
        assert helped.lead_unit == d.power
        assert Decision.objects.get().unit == d.city
        assert not Decision.objects.get().co_units.exists()
        assert Category.objects.filter(unit=d.city).exists()
        assert Span.objects.get(issue=led, ended_at__isnull=True).unit == d.city
        assert Notice.objects.get(word="hand_over").user == d.city_officer.user
        d.do("feed_back", led, d.city_officer, text="接手办理")
        d.do("sign", waiting, d.city_officer)
        d.do("sign", helped, d.power_officer)
        d.do("feed_back", helped, d.city_officer, text="协办完毕", done=True)
    assert not Clock.objects.open().filter(subject_id=helped.pk, part__startswith="co:").exists()
    assert verify_chain()[1] is None


def test_a_successor_that_helped_already_has_one_part(d: District, system_admin: Actor) -> None:
    led = d.assign(d.submit(), co_units=["CGJ"])
    both = d.assign(d.submit(), unit="GDJ", co_units=["SWJ", "CGJ"])
    close_water(d, system_admin, successor=d.city)
    assert [(p.kind, p.unit) for p in led.assignments.filter(ended_at__isnull=True)] == [("lead", d.city)]
    parts = both.assignments.filter(ended_at__isnull=True, kind="co")
    assert [part.unit for part in parts] == [d.city]
    feedback = Clock.objects.open().filter(subject_id=both.pk, kind="feedback").exclude(part="")
    assert [one.part for one in feedback] == [f"co:{d.city.pk}"]
    assert not Clock.objects.open().filter(subject_id=led.pk).exclude(part="").exists()


def test_a_complaint_never_goes_to_the_accused_successor(d: District, system_admin: Actor) -> None:
    issue = d.submit(kind="complaint")
    issue = d.assign(issue, actor=d.supervisor)
    Issue.objects.filter(pk=issue.pk).update(about_unit=d.city)
    with pytest.raises(ValidationError):
        close_water(d, system_admin, successor=d.city)
    with pytest.raises(ValidationError):
        close_water(d, system_admin, successor=d.hall)  # no work can be given to it


def test_what_begins_again_begins_with_the_successor(d: District, system_admin: Actor) -> None:
    issue = d.rating()
    issue = d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    close_water(d, system_admin, successor=d.city)
    issue = d.do("reopen", issue, d.submitter(issue), reason="又停水了")
    issue.refresh_from_db()
    assert issue.lead_unit == d.city
    assert Clock.objects.open().get(subject_id=issue.pk, kind="resolution").holder_unit == d.city
    d.do("feed_back", issue, d.city_officer, text="接手")


def test_units_meet_the_enterprises_of_their_cases_but_not_of_anonymous_ones(d: District) -> None:
    def met(actor: Actor) -> list[str]:
        return list(Enterprise.objects.visible_to(actor_for(actor.user)).values_list("name", flat=True))

    assert met(d.power_officer) == []
    hidden = d.assign(d.submit(actor=d.enterprise, confidentiality="anonymous"), unit="GDJ")
    assert hidden.enterprise_id == d.firm.pk
    assert met(d.power_officer) == []
    d.assign(d.submit(actor=d.enterprise), unit="GDJ")
    assert met(d.power_officer) == [d.firm.name]
    assert met(d.city_officer) == []


def test_an_anonymous_cases_specialist_is_not_named_to_the_unit(d: District, security_admin: Actor) -> None:
    """The event of the handover names the specialist's posts: to the desk, never to the unit."""
    from issues import policy
    from issues.api.shape import event_of

    issue = d.signed()
    Issue.objects.filter(pk=issue.pk).update(specialist=d.specialist.posts[0], confidentiality="anonymous")
    heir = d.person("specialist2", Role.SPECIALIST, d.town)
    end_post(actor=security_admin, post_id=d.specialist.posts[0].pk, heir_id=heir.posts[0].pk)
    issue.refresh_from_db()
    assert issue.specialist == heir.posts[0]
    event = Event.objects.get(issue=issue, seq=issue.event_seq)
    assert "specialist" in event_of(event, policy.fields(d.coordinator, issue))["data"]
    assert "specialist" not in event_of(event, policy.fields(d.officer, issue))["data"]


def test_the_page_tells_who_took_over(d: District, security_admin: Actor) -> None:
    from issues import casefile, timeline

    issue = coordinating(d)
    end_post(actor=security_admin, post_id=d.leader.posts[0].pk, heir_id=d.other_leader.posts[0].pk)
    case = casefile.load(d.coordinator, issue.number)
    [line] = [timeline.line(case, event) for event in case.events if event.kind == "hand_over"]
    assert line.verb == "移交"
    assert f"区领导：{d.leader.user.name} → {d.other_leader.user.name}" in line.text
