"""Extension, suspension, and the rule of one open request."""

from datetime import timedelta

import pytest

from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from deadlines.models import Clock


def resolution(issue):
    return Clock.objects.of("issue", issue.pk).get(kind="resolution")


def test_an_extension_moves_the_due_date_and_keeps_the_original_visible(d):
    issue = d.signed()
    before = resolution(issue)
    issue = d.do("extend", issue, d.officer, days=5, reason="需开挖道路")
    assert resolution(issue).due_at == before.due_at
    issue = d.do("grant", issue, d.coordinator)
    after = resolution(issue)
    assert after.due_at == before.due_at + timedelta(days=7)
    assert after.first_due_at == before.due_at
    assert issue.extensions == 1


def test_one_open_request_at_a_time_and_nobody_grants_the_own(d):
    issue = d.do("extend", d.signed(), d.officer, days=5, reason="需开挖")
    with pytest.raises(Conflict):
        d.do("suspend", issue, d.officer, reason="season", text="汛期", until="2026-03-20")
    with pytest.raises(PermissionDenied):
        d.do("grant", issue, d.officer)


def test_at_most_two_together_no_longer_than_the_first_limit(d):
    issue = d.signed()
    with pytest.raises(ValidationError):
        d.do("extend", issue, d.officer, days=16, reason="长")
    for days in (10, 5):
        issue = d.do("grant", d.do("extend", issue, d.officer, days=days, reason="需要"), d.coordinator)
    with pytest.raises(Conflict):
        d.do("extend", issue, d.officer, days=1, reason="再来")


def test_asked_after_due_is_too_late(d):
    issue = d.signed()
    with clock.at(resolution(issue).due_at + timedelta(seconds=1)), pytest.raises(Conflict):
        d.do("extend", issue, d.officer, days=1, reason="晚了")


def test_granted_after_due_clears_the_breach_that_came_between(d):
    issue = d.signed()
    due = resolution(issue).due_at
    with clock.at(due - timedelta(hours=1)):
        issue = d.do("feed_back", issue, d.officer, text="正在施工")
        issue = d.do("extend", issue, d.officer, days=5, reason="需要")
    from deadlines.services.sweep import sweep

    with clock.at(due + timedelta(minutes=5)):
        sweep(clock.now())
        assert resolution(issue).breached_at == due
        issue.refresh_from_db()
        d.do("grant", issue, d.coordinator)
    assert resolution(issue).breached_at is None


def test_a_long_suspension_needs_the_supervisor_as_well(d):
    issue = d.do("suspend", d.signed(), d.officer, reason="lawsuit", text="等判决", until="2026-05-29")
    issue = d.do("grant", issue, d.coordinator)
    assert issue.state == "handling"
    with pytest.raises(PermissionDenied):
        d.do("grant", issue, d.coordinator)
    assert d.do("grant", issue, d.supervisor).state == "suspended"


def test_a_change_of_state_voids_the_request(d):
    issue = d.do("extend", d.signed(), d.officer, days=5, reason="需要")
    issue = d.do("escalate", issue, d.officer, text="请协调")
    assert issue.requests.get().state == "void"
    assert Clock.objects.get(subject_id=issue.pk, kind="ruling").stop_reason == "void"


def test_denied_it_stays_as_it_was(d):
    issue = d.signed()
    due = resolution(issue).due_at
    issue = d.do("deny", d.do("extend", issue, d.officer, days=5, reason="需要"), d.coordinator, reason="理由不足")
    assert resolution(issue).due_at == due
    assert issue.requests.get().state == "denied"
