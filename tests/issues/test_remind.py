"""催办: once per issue and day, to who must act, and nothing of the issue changes."""

import pytest

from accounts.models import AuditEntry
from common.errors import Conflict, NotVisible, PermissionDenied
from issues.models import Event, Issue
from issues.services.remind import remind
from notices.models import Notice


def told(issue):
    return set(Notice.objects.filter(word="remind", ref=issue.number).values_list("user__username", flat=True))


def test_the_holders_are_told_once_a_day(d):
    issue = d.signed(co_units=["GDJ"])
    version, events = Issue.objects.get(pk=issue.pk).version, Event.objects.filter(issue=issue).count()
    assert remind(issue_id=issue.pk, actor=d.coordinator) == 3
    assert told(issue) == {"unit_officer", "unit_head", "power"}
    with pytest.raises(Conflict):
        remind(issue_id=issue.pk, actor=d.supervisor)
    with d.later(days=1):
        assert remind(issue_id=issue.pk, actor=d.supervisor) == 3
    assert Issue.objects.get(pk=issue.pk).version == version
    assert Event.objects.filter(issue=issue).count() == events
    assert AuditEntry.objects.filter(act="remind", object_ref=issue.number).count() == 2


def test_whose_hands_it_lies_in(d):
    new = d.submit()
    remind(issue_id=new.pk, actor=d.supervisor)
    assert told(new) == {"coordinator"}
    issue = d.signed()
    d.do("escalate", issue, d.officer, text="请定")
    remind(issue_id=issue.pk, actor=d.coordinator)
    assert told(issue) == {"leader", "service_office"}


def test_nobody_presses_the_submitter_and_others_may_not(d):
    rating = d.rating()
    with pytest.raises(Conflict):
        remind(issue_id=rating.pk, actor=d.coordinator)
    issue = d.signed()
    with pytest.raises(PermissionDenied):
        remind(issue_id=issue.pk, actor=d.officer)
    with pytest.raises(NotVisible):
        remind(issue_id=issue.pk, actor=d.city_officer)
    assert not Notice.objects.filter(word="remind").exists()
