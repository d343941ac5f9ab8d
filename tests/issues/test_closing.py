"""Propose, send back, verify, rate, uphold, close over, reopen, withdraw, merge: states and clocks of the end."""

from datetime import timedelta

import pytest

from common import clock
from common.errors import Conflict, PermissionDenied, ValidationError
from deadlines.models import Clock
from issues.models import Rating


def resolution(issue):
    return Clock.objects.of("issue", issue.pk).filter(kind="resolution").order_by("-id").first()


def test_solved_needs_a_file_of_the_lead_unit(d):
    issue = d.signed()
    with pytest.raises(ValidationError) as wrong:
        d.do("propose", issue, d.officer, outcome="solved", account="办好了")
    assert "outcome" in wrong.value.message_dict
    d.evidence(issue)
    assert d.do("propose", issue, d.officer, outcome="solved", account="办好了").state == "proposed"


@pytest.mark.parametrize(("outcome", "field"), [("promised", "promised_on"), ("impossible", "clause")])
def test_what_each_outcome_must_carry(d, outcome, field):
    with pytest.raises(ValidationError) as wrong:
        d.do("propose", d.signed(), d.officer, outcome=outcome, account="说明")
    assert list(wrong.value.message_dict) == [field]


def test_not_while_a_co_unit_or_a_decision_is_open(d):
    issue = d.signed(co_units=["GDJ"])
    with pytest.raises(Conflict):
        d.do("propose", issue, d.officer, outcome="partly", account="说明")
    issue = d.do("release", issue, d.coordinator, unit="GDJ", reason="三次催办无回音")
    issue = d.do("escalate", issue, d.officer, text="请定费用")
    issue = d.do("decide", issue, d.leader, text="由水务局承担", unit="SWJ")
    with pytest.raises(Conflict):
        d.do("propose", issue, d.officer, outcome="partly", account="说明")


def test_sent_back_the_same_clock_runs_on_moved_by_the_days_in_between(d):
    issue = d.proposed()
    clock_before = resolution(issue)
    with d.later(days=2):
        issue = d.do("send_back", issue, d.coordinator, reason="证据不足")
    after = resolution(issue)
    assert after.pk == clock_before.pk
    assert after.met_at is None
    assert after.due_at == clock_before.due_at + timedelta(days=2)
    assert (issue.state, issue.round, issue.outcome) == ("handling", 2, "")


@pytest.mark.parametrize(
    ("outcome", "solved", "stars", "state"),
    [
        ("solved", "yes", 5, "closed"),
        ("solved", "partly", 3, "closed"),
        ("solved", "no", 5, "disputed"),
        ("solved", "yes", 2, "disputed"),
        ("impossible", "no", 3, "closed"),
        ("impossible", "no", 2, "disputed"),
    ],
)
def test_where_a_rating_leads(d, outcome, solved, stars, state):
    issue = d.rating(outcome=outcome, clause="《条例》第九条")
    assert d.do("rate", issue, d.submitter(issue), solved=solved, satisfaction=stars, text="说明").state == state


def test_one_or_two_stars_need_words(d):
    issue = d.rating()
    with pytest.raises(ValidationError) as wrong:
        d.do("rate", issue, d.submitter(issue), solved="no", satisfaction=2)
    assert list(wrong.value.message_dict) == ["text"]


def test_nobody_rates_but_the_submitter(d):
    issue = d.rating()
    for actor in (d.coordinator, d.officer, d.chief, d.supervisor):
        with pytest.raises(PermissionDenied):
            d.do("rate", issue, actor, solved="yes", satisfaction=5)


def test_uphold_raises_a_layer_with_half_the_limit(d):
    issue = d.do("uphold", d.disputed(), d.coordinator, text="继续办")
    assert (issue.state, issue.layer, issue.round) == ("coordinating", 2, 2)
    assert resolution(issue).amount == 8  # half of 15, rounded up


def test_close_over_takes_two_persons_and_only_the_supervisor_reopens(d):
    issue = d.do("close_over", d.disputed(), d.coordinator, reason="诉求超出法定范围")
    with pytest.raises(PermissionDenied):
        d.do("grant", issue, d.coordinator)
    issue = d.do("grant", issue, d.supervisor)
    assert issue.state == "closed"
    assert Rating.objects.filter(issue=issue, close_over=True, solved="no").count() == 1
    with pytest.raises(Conflict):
        d.do("reopen", issue, d.submitter(issue), reason="不服")
    assert d.do("reopen", issue, d.supervisor, reason="回头看").state == "handling"


def test_the_submitter_reopens_once_within_30_days(d):
    issue = d.rating()
    issue = d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    with clock.at(issue.closed_at + timedelta(days=30, seconds=1)), pytest.raises(Conflict):
        d.do("reopen", issue, d.submitter(issue), reason="又坏了")
    with d.later(days=20):
        issue = d.do("reopen", issue, d.submitter(issue), reason="又坏了")
    assert (issue.state, issue.round, resolution(issue).amount) == ("handling", 2, 8)


def test_nobody_verifies_for_the_own_unit_then_the_supervisor_does(d):
    from accounts.models import Post

    user = d.coordinator.user
    Post.objects.create(
        user=d.officer.user, role="unit_officer", unit=d.desk_unit, starts_at=clock.parse("2020-01-01T00:00+08:00")
    )
    issue = d.assign(d.submit(), unit="YSB", actor=d.coordinator)
    from accounts.actors import actor_for

    own = actor_for(d.officer.user)
    issue = d.do("sign", issue, own)
    issue = d.do("propose", issue, own, outcome="partly", account="已办")
    with pytest.raises(PermissionDenied):
        d.do("verify", issue, actor_for(user), text="看过")
    assert d.do("verify", issue, d.supervisor, text="看过").state == "rating"


def test_a_merged_issue_rates_its_own_number_and_goes_on_only_when_dissatisfied(d):
    main, joined = d.signed(), d.submit(title="同一件事")
    joined = d.do("merge", joined, d.coordinator, into=main.number)
    assert joined.state == "merged"
    d.evidence(main)
    main = d.do("propose", main, d.officer, outcome="solved", account="修好了")
    main = d.do("verify", main, d.coordinator, text="已核")
    joined.refresh_from_db()
    assert joined.invitations == 1
    joined = d.do("rate", joined, d.submitter(joined), solved="no", satisfaction=1, text="我这里没修")
    assert (joined.state, joined.lead_unit_id) == ("disputed", d.water.pk)


def test_withdraw_stops_all_clocks(d):
    issue = d.signed()
    issue = d.do("withdraw", issue, d.submitter(issue), reason="已自行解决")
    assert issue.state == "withdrawn"
    assert not Clock.objects.of("issue", issue.pk).open().exists()
    with pytest.raises(Conflict):
        d.do("withdraw", issue, d.submitter(issue), reason="再撤")
