"""The head of the issue page says whose deadline is over; the forms show the case before they ask."""

from __future__ import annotations

from datetime import UTC, datetime

from common import clock
from issues.models import Issue
from tests.cast import District
from tests.issues.pages import act, browser, page, text_of

LATE = datetime(2026, 3, 31, 2, tzinfo=UTC)  # the case was due on 23 March


def escalated(d: District) -> Issue:
    issue = d.signed()
    d.do("feed_back", issue, d.officer, text="已踏勘现场，方案两种")
    with clock.at(LATE):
        return d.do("escalate", issue, d.officer, text="请明确费用由谁承担")


def test_a_green_number_beside_overdue_says_whose_each_is(d: District) -> None:
    issue = escalated(d)
    with clock.at(LATE):
        leader = text_of(browser(d.leader).get(page(issue)))
        unit = text_of(browser(d.officer).get(page(issue)))
    assert "本件办结已逾期（区水务局）；您的协调时限还剩 5 个工作日" in leader
    assert "本件办结已逾期（区水务局）；协调时限还剩 5 个工作日" in unit


def test_the_control_nothing_is_explained_while_nothing_is_late(d: District) -> None:
    issue = d.signed()
    assert "本件" not in text_of(browser(d.officer).get(page(issue)))


def test_the_case_stands_before_the_form_and_the_decider_sees_the_own_due(d: District) -> None:
    issue = escalated(d)
    with clock.at(LATE):
        answer = browser(d.leader).get(act(issue, "decide"))
    words, html = text_of(answer), answer.content.decode()
    for one in (issue.title, "请明确费用由谁承担", "已踏勘现场", "三车间每天下午停水"):
        assert words.index(one) < words.index("责任单位"), one
    assert "决定时限" in words
    assert "4月8日" in words  # five working days, the festival's day off left out
    assert "3月23日" not in words
    folded = html[html.index('<details class="field adds"') :]
    assert 'name="co_units"' in folded[: folded.index("</details>")]


def test_feeding_back_and_proposing_show_the_case_first(d: District) -> None:
    issue = d.signed()
    d.do("feed_back", issue, d.officer, text="已踏勘现场，方案两种")
    for action in ("feed_back", "propose"):
        html = browser(d.officer).get(act(issue, action)).content.decode()
        assert html.index("已踏勘现场") < html.index('<form class="form"'), action
        assert html.count("已踏勘现场") == 1, action


def test_chosen_co_units_are_not_folded_away(d: District) -> None:
    issue = d.submit()
    html = browser(d.coordinator).post(act(issue, "assign"), {"co_units": ["GDJ"]}).content.decode()
    assert 'name="co_units"' in html
    assert '<details class="field adds"' not in html


def test_a_report_that_was_overdue_when_it_ended_says_so(d: District) -> None:
    issue = d.signed()
    d.do("feed_back", issue, d.officer, text="已踏勘")
    d.evidence(issue)
    with clock.at(LATE):
        d.do("propose", issue, d.officer, outcome="solved", account="已修复")
        words = text_of(browser(d.officer).get(page(issue)))
    assert "应于 03-09，逾期后停止" in words


def test_the_control_one_that_ended_in_time_only_stopped(d: District) -> None:
    words = text_of(browser(d.officer).get(page(d.proposed())))
    assert "逾期后停止" not in words


def test_the_enterprise_reads_the_answer_once_checked_and_its_own_rating(d: District) -> None:
    issue = d.submit(actor=d.enterprise)
    d.assign(issue)
    d.do("sign", issue, d.officer)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account="已更换水泵")
    client = browser(d.enterprise)
    assert "已更换水泵" not in text_of(client.get(page(issue)))  # still a proposal among staff
    d.do("verify", issue, d.coordinator, text="内部核实记录")
    words = text_of(client.get(page(issue)))
    assert "已更换水泵" in words
    assert "内部核实记录" not in words
    d.do("rate", issue, d.enterprise, solved="yes", satisfaction=5, text="很及时")
    words = text_of(client.get(page(issue)))
    assert "很及时" in words
    assert "已销号" in words
    assert "很及时" not in text_of(browser(d.officer).get(page(issue)))
