"""What the sweep does to issues: deemed signing, rising a layer, lapse, withdrawal, resuming, the promise."""

from datetime import timedelta

import pytest

from common import clock
from deadlines.models import Clock
from deadlines.services.sweep import sweep
from issues.models import Issue, Rating


def run_at(instant):
    with clock.at(instant):
        sweep(instant)


def due(issue, kind, part=""):
    return Clock.objects.of("issue", issue.pk).open().get(kind=kind, part=part).due_at


def test_an_unsigned_issue_is_deemed_signed_and_counts_as_late(d):
    issue = d.assign(d.submit())
    limit = due(issue, "signing")
    run_at(limit)
    issue.refresh_from_db()
    assert issue.state == "handling"
    assert issue.deemed_signed
    met = Clock.objects.get(subject_id=issue.pk, kind="signing")
    assert met.met_at > met.due_at
    assert met.breached_at == met.due_at


def test_late_feedback_raises_the_layer_once_three_working_days_after_due(d):
    issue = d.signed()
    limit = due(issue, "feedback")
    red = Clock.objects.get(subject_id=issue.pk, kind="feedback").red_at
    run_at(limit + timedelta(hours=1))
    issue.refresh_from_db()
    assert (issue.state, issue.layer) == ("handling", 1)
    version = issue.version
    run_at(red)
    run_at(red + timedelta(minutes=1))
    issue.refresh_from_db()
    assert (issue.state, issue.layer, issue.version) == ("coordinating", 2, version + 1)


def test_reminders_never_change_the_version(d):
    issue = d.signed()
    run_at(due(issue, "feedback") + timedelta(minutes=1))
    assert Issue.objects.get(pk=issue.pk).version == issue.version


def test_co_units_lateness_raises_nothing(d):
    issue = d.signed(co_units=["GDJ"])
    issue = d.do("feed_back", issue, d.officer, text="已踏勘")
    run_at(Clock.objects.get(part=f"co:{d.power.pk}").red_at)
    assert Issue.objects.get(pk=issue.pk).layer == 1


def test_unrated_twice_lapses_and_never_counts_as_satisfied(d):
    issue = d.rating()
    first = due(issue, "rating")
    run_at(first)  # the limit's own instant still belongs to the submitter
    issue.refresh_from_db()
    assert issue.invitations == 1
    run_at(first + timedelta(minutes=1))
    issue.refresh_from_db()
    assert (issue.state, issue.invitations) == ("rating", 2)
    run_at(due(issue, "rating") + timedelta(minutes=1))
    issue.refresh_from_db()
    assert (issue.state, issue.solved, issue.satisfaction) == ("closed", "", None)
    assert not Rating.objects.filter(issue=issue).exists()


def test_a_late_rating_still_counts_until_day_30(d):
    from common.errors import Conflict

    issue = d.rating()
    run_at(due(issue, "rating") + timedelta(minutes=1))
    issue.refresh_from_db()
    run_at(due(issue, "rating") + timedelta(minutes=1))
    with clock.at(issue.verified_at + timedelta(days=31, hours=12)), pytest.raises(Conflict):
        d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    with clock.at(issue.verified_at + timedelta(days=30)):
        rated = d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    assert (rated.state, rated.solved) == ("closed", "yes")


def test_what_is_not_supplemented_is_withdrawn(d):
    issue = d.do("return", d.submit(), d.coordinator, text="请补充厂址")
    run_at(due(issue, "supplement") + timedelta(minutes=1))
    issue.refresh_from_db()
    assert issue.state == "withdrawn"


def test_a_suspension_ends_by_itself_at_the_review_date(d):
    issue = d.signed()
    before = due(issue, "resolution")
    issue = d.do("suspend", issue, d.officer, reason="season", text="汛期不能开挖", until="2026-03-09")
    issue = d.do("grant", issue, d.coordinator)
    assert issue.state == "suspended"
    assert issue.yellow_at is None  # no light while it is suspended
    run_at(clock.parse("2026-03-09T09:00+08:00"))
    issue.refresh_from_db()
    assert issue.state == "handling"
    # paused at the close of business of 2, 3, 4, 5 and 6 March: five working days lost
    assert due(issue, "resolution") == before + timedelta(days=7)


def test_an_unkept_promise_reopens_the_issue(d):
    issue = d.proposed(outcome="promised", promised_on="2026-04-10")
    issue = d.do("verify", issue, d.coordinator, text="电话核实")
    issue = d.do("rate", issue, d.submitter(issue), solved="partly", satisfaction=4)
    assert issue.state == "closed"
    promised = clock.parse("2026-04-10T18:00+08:00")
    run_at(promised + timedelta(minutes=1))
    issue.refresh_from_db()
    assert issue.promise_asked_at is not None
    with clock.at(promised + timedelta(days=1)):
        issue = d.do("rate", issue, d.submitter(issue), solved="no", satisfaction=2, text="说话不算数")
    assert (issue.state, issue.round) == ("handling", 2)
