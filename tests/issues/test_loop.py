"""Once round the loop with everything in it: refusal, second assignment, escalation, decision, send-back, rating."""

import json

from deadlines.models import Clock
from issues import services
from issues.models import Event
from issues.services.chain import verify_chain


def test_the_loop_from_form_to_closed(d):
    issue = d.submit()
    assert issue.number == "WT2026-000001"
    issue = d.assign(issue, unit="CGJ")
    issue = d.do("refuse", issue, d.city_officer, reason="不属本单位职责", unit="SWJ", clause="第九条")
    assert issue.state == "submitted"
    issue = d.assign(issue, unit="SWJ", co_units=["GDJ"])
    assert issue.leader_id == d.leader.posts[0].pk
    assert not issue.assignment_final
    issue = d.do("sign", issue, d.officer, handler="程工")
    issue = d.do("feed_back", issue, d.officer, text="已现场踏勘", public=True)
    issue = d.do("feed_back", issue, d.power_officer, text="泵站用电已恢复", done=True)
    issue = d.do("escalate", issue, d.officer, text="需明确费用由谁承担")
    assert (issue.state, issue.layer) == ("coordinating", 2)
    issue = d.do("decide", issue, d.office, text="由区水务局承担", unit="SWJ", due="2026-03-10")
    decision = issue.decisions.get()
    assert decision.in_name_of_id == d.leader.posts[0].pk
    services.feed_back_decision(decision_id=decision.pk, actor=d.officer, text="已落实", done=True)
    d.evidence(issue)
    issue.refresh_from_db()
    issue = d.do("propose", issue, d.officer, outcome="solved", account="已修复")
    issue = d.do("send_back", issue, d.coordinator, reason="未附水压记录")
    assert issue.round == 2
    issue = d.do("propose", issue, d.officer, outcome="solved", account="已补水压记录")
    issue = d.do("verify", issue, d.coordinator, text="电话核实")
    issue = d.do("rate", issue, d.submitter(issue), solved="yes", satisfaction=5)
    assert issue.state == "closed"
    assert not Clock.objects.of("issue", issue.pk).open().exists()
    kinds = list(Event.objects.filter(issue=issue).order_by("seq").values_list("kind", flat=True))
    assert kinds == [
        "submit", "assign", "refuse", "assign", "sign", "feed_back", "feed_back", "escalate", "decide",
        "decision_feedback", "propose", "send_back", "propose", "verify", "rate",
    ]  # fmt: skip
    assert verify_chain() == (15, None)
    body = json.loads(Event.objects.get(issue=issue, kind="rate").body)
    assert body["data"]["state"] == "closed"
