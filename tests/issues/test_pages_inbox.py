"""To-dos: for each role what it must do next, computed, and never what another one must do."""

from datetime import UTC, datetime

import pytest

from common import clock
from issues import todos
from issues.pages import todowords
from tests.issues.pages import act, browser, page, queries, text_of

INBOX = "/app/"


def todo(actor):
    """Kinds and parts of the actor's to-dos, by due."""
    return [(row["kind"], row["part"].partition(":")[0]) for row in todos.rows(actor, clock.now())]


def sentences(actor):
    now = clock.now()
    rows = todos.rows(actor, now)
    return [
        (row["text"], row["verb"], row["act_url"])
        for group in todowords.groups(actor, rows, now)
        for row in group["rows"]
    ]


def test_a_new_issue_is_the_coordinators_alone(d):
    issue = d.submit()
    assert todo(d.coordinator) == [("acceptance", "")]
    for actor in (d.supervisor, d.officer, d.leader, d.office, d.chief, d.auditor, d.discipline, d.specialist):
        assert todo(actor) == [], actor
    assert sentences(d.coordinator)[0][1:] == ("交办", act(issue, "assign"))


def test_until_it_signed_a_unit_has_signing_only_then_feedback(d):
    issue = d.assign(d.submit(), co_units=["GDJ"])
    assert todo(d.officer) == [("signing", "")] == todo(d.head)
    assert todo(d.power_officer) == []
    d.do("sign", issue, d.officer)
    assert todo(d.officer) == [("feedback", "")]
    assert todo(d.power_officer) == [("feedback", "co")]
    d.do("feed_back", issue, d.officer, text="已踏勘")
    assert todo(d.officer) == [("progress", "")]
    d.do("feed_back", issue, d.power_officer, text="已供电", done=True)
    assert todo(d.power_officer) == []


def test_resolution_comes_up_when_it_is_near(d):
    issue = d.signed()  # due on 23 March
    d.do("feed_back", issue, d.officer, text="已踏勘")
    with clock.at(datetime(2026, 3, 20, 2, tzinfo=UTC)):
        assert ("resolution", "") in todo(d.officer)
        told = next(row for row in sentences(d.officer) if "办结" in row[0])
        assert told[1:] == ("申请销号", act(issue, "propose"))
    with clock.at(datetime(2026, 3, 18, 2, tzinfo=UTC)):
        assert ("resolution", "") not in todo(d.officer)


def test_a_refusal_wants_a_ruling_today(d):
    issue = d.assign(d.submit(), unit="CGJ")
    d.do("refuse", issue, d.city_officer, reason="不属本单位职责", unit="SWJ")
    text, verb, url = sentences(d.coordinator)[0]
    assert (verb, url) == ("裁定", act(issue, "assign"))
    assert "区城管局退回" in text
    assert todos.rows(d.coordinator, clock.now())[0]["due_at"] == datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_requests_go_to_who_may_rule_on_them(d):
    issue = d.signed()
    d.do("extend", issue, d.officer, days=3, reason="检测排期")
    assert ("ruling", "request") in todo(d.coordinator)
    assert todo(d.supervisor) == []
    assert "延期 3 个工作日" in sentences(d.coordinator)[0][0]
    d.do("deny", issue, d.coordinator, reason="理由不足")
    d.do("suspend", issue, d.officer, reason="statutory", text="听证", until="2026-04-30")
    assert ("ruling", "request") in todo(d.coordinator)
    d.do("grant", issue, d.coordinator)  # more than 20 working days: the supervisor rules as well
    assert todo(d.coordinator) == []
    assert todo(d.supervisor) == [("ruling", "request")]


def test_closing_over_waits_for_the_supervisor_and_then_not_for_the_desk(d):
    issue = d.disputed()
    assert todo(d.coordinator) == [("dispute", "")]
    d.do("close_over", issue, d.coordinator, reason="法律不允许")
    assert todo(d.coordinator) == []
    assert todo(d.supervisor) == [("ruling", "request")]


def test_verification_is_the_desks_but_never_for_the_own_unit(d):
    issue = d.proposed()
    assert todo(d.coordinator) == [("verification", "")]
    assert todo(d.supervisor) == []
    from issues.models import Issue

    Issue.objects.filter(pk=issue.pk).update(lead_unit=d.desk_unit)
    assert todo(d.coordinator) == []
    assert todo(d.supervisor) == [("verification", "")]


def test_coordination_is_the_layers(d):
    issue = d.signed()
    d.do("escalate", issue, d.officer, text="请定")
    assert todo(d.leader) == [("coordination", "")] == todo(d.office)
    assert todo(d.other_leader) == [] == todo(d.chief)
    assert ("coordination", "") not in todo(d.coordinator)
    d.do("escalate", issue, d.office, text="请区主要领导定")
    assert todo(d.leader) == []
    assert todo(d.chief) == [("coordination", "")]
    assert ("coordination", "") in todo(d.coordinator)


def test_a_decision_wants_feedback_from_its_unit(d):
    issue = d.signed()
    d.do("feed_back", issue, d.officer, text="踏勘")
    d.do("escalate", issue, d.officer, text="请定")
    d.do("decide", issue, d.office, text="由供电公司出方案", unit="GDJ")
    assert todo(d.power_officer) == [("feedback", "decision")]
    text, _verb, url = sentences(d.power_officer)[0]
    # recorded by the office, in the leader's name
    assert text == "请对“厂区供水压力不足”3月2日议定事项（某leader）作出反馈"
    assert url.startswith(page(issue) + "#decision-")


def overdue_sentence(d, actor):
    """What the unit is told of a resolution that is over."""
    with clock.at(datetime(2026, 3, 24, 2, tzinfo=UTC)):
        return next(row for row in sentences(actor) if "办结已逾期" in row[0])


def test_an_overdue_case_with_an_open_decision_wants_the_decision_first(d):
    issue = d.signed()
    assert overdue_sentence(d, d.officer)[1:] == ("申请销号", act(issue, "propose"))
    d.do("escalate", issue, d.officer, text="请定")
    d.do("decide", issue, d.office, text="由供电公司出方案", unit="GDJ")
    told = overdue_sentence(d, d.officer)
    assert "尚有1项议定事项未落实，请先落实并反馈" in told[0]
    assert told[1:] == ("反馈", act(issue, "feed_back"))
    d.do("escalate", issue, d.officer, text="再请定")
    d.do("decide", issue, d.chief, text="由水务局落实", unit="SWJ")
    own = issue.decisions.get(unit=d.water)
    assert "尚有2项" in overdue_sentence(d, d.officer)[0]
    with clock.at(datetime(2026, 3, 24, 2, tzinfo=UTC)):
        now = clock.now()
        rows = todowords.groups(d.officer, todos.rows(d.officer, now), now)[0]["rows"]
        assert next(row for row in rows if "尚有" in row["text"])["act_url"] == f"{page(issue)}#decision-{own.pk}"


def test_an_overdue_case_with_an_open_part_wants_the_co_unit_first(d):
    issue = d.signed(co_units=["GDJ"])
    told = overdue_sentence(d, d.officer)
    assert "尚有1家协办单位未办完" in told[0]
    assert told[1:] == ("反馈", act(issue, "feed_back"))
    d.do("feed_back", issue, d.power_officer, text="已供电", done=True)
    assert overdue_sentence(d, d.officer)[1] == "申请销号"


def test_what_stands_in_the_way_of_proposing_is_told_by_its_name(d):
    issue = d.signed(co_units=["GDJ"])
    answer = browser(d.officer).get(act(issue, "propose"))
    assert answer.status_code == 409
    assert "协办单位尚未反馈办完（临江供电公司），暂不能申请销号" in text_of(answer)
    d.do("feed_back", issue, d.power_officer, text="已供电", done=True)
    assert browser(d.officer).get(act(issue, "propose")).status_code == 200
    d.do("escalate", issue, d.officer, text="请定")
    d.do("decide", issue, d.office, text="由供电公司出方案", unit="GDJ")
    answer = browser(d.officer).get(act(issue, "propose"))
    assert answer.status_code == 409
    assert "尚有议定事项未落实，暂不能申请销号" in text_of(answer)
    assert "不能这样办理" not in text_of(answer)


def complaint_about_the_supervisors(d):
    from issues.models import Issue

    issue = d.submit(kind="complaint")
    Issue.objects.filter(pk=issue.pk).update(about_unit=d.watch_unit)
    return Issue.objects.get(pk=issue.pk)


def fresh(actor):
    """The actor of another request: nothing is remembered."""
    from accounts.actors import actor_for

    return actor_for(actor.user)


def test_a_complaint_about_the_supervisors_is_the_chiefs_to_do_and_triage(d):
    other = d.submit(kind="complaint")  # the control: the supervisors' own
    client = browser(d.chief)
    assert todo(fresh(d.chief)) == []
    assert "待受理" not in client.get(INBOX).content.decode()
    issue = complaint_about_the_supervisors(d)
    assert todo(fresh(d.chief)) == [("acceptance", "")]
    assert todos.count(fresh(d.chief)) == 1
    assert sentences(fresh(d.chief))[0][1:] == ("交办", act(issue, "assign"))
    assert "/app/triage/" in client.get(INBOX).content.decode()
    answer = client.get("/app/triage/")
    assert answer.context["issue"] == issue
    assert [one["number"] for one in answer.context["queue"]] == [issue.number]
    assert [row["subject_id"] for row in todos.rows(fresh(d.supervisor), clock.now())] == [other.pk]
    d.assign(issue, actor=d.chief)
    issue.refresh_from_db()
    d.do("sign", issue, d.officer)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account="已处理")
    assert todo(fresh(d.chief)) == [("verification", "")]


def test_closing_over_such_a_complaint_waits_for_another_chief(d):
    second = d.person("chief2", "chief", d.hall)
    issue = complaint_about_the_supervisors(d)
    d.assign(issue, actor=d.chief)
    d.do("sign", issue, d.officer)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account="已处理")
    d.do("verify", issue, d.chief, text="已核实")
    d.do("rate", issue, d.submitter(issue), solved="no", satisfaction=1, text="没有解决")
    assert todo(fresh(second)) == [("dispute", "")]
    d.do("close_over", issue, d.chief, reason="法律不允许")
    assert todo(fresh(d.chief)) == []
    assert todo(fresh(second)) == [("ruling", "request")]


def test_an_overdue_decision_names_the_case_and_who_decided_when(d):
    issue = d.signed()
    d.do("escalate", issue, d.officer, text="请定")
    d.do("decide", issue, d.leader, text="由供电公司出方案", unit="GDJ", due="2026-03-06")
    with clock.at(datetime(2026, 3, 10, 2, tzinfo=UTC)):
        text = next(row[0] for row in sentences(d.power_officer) if "逾期" in row[0])
    assert text == "“厂区供水压力不足”3月2日议定事项（某leader）已逾期，请落实并反馈"


def test_complaints_are_the_supervisors_and_never_the_coordinators(d):
    d.submit(kind="complaint")
    assert todo(d.coordinator) == []
    assert todo(d.supervisor) == [("acceptance", "")]


def test_what_stands_still_is_no_to_do(d):
    issue = d.signed()
    d.do("suspend", issue, d.officer, reason="awaiting_enterprise", text="等负荷表", until="2026-03-10")
    d.do("grant", issue, d.coordinator)
    assert todo(d.officer) == []


def test_the_count_beside_the_menu_is_the_number_of_rows(d):
    d.submit()
    d.proposed()
    d.disputed()
    issue = d.signed()
    d.do("extend", issue, d.officer, days=3, reason="检测排期")
    for actor in (d.coordinator, d.officer, d.supervisor, d.leader, d.enterprise):
        assert todos.count(actor) == len(todos.rows(actor, clock.now()))
    assert todos.count(d.coordinator) == 4


def test_groups_are_by_what_is_late_today_this_week_and_later(d):
    with clock.at(datetime(2026, 2, 26, 2, tzinfo=UTC)):
        d.submit(title="上周的")  # due on Friday 27 February
    with clock.at(datetime(2026, 2, 28, 2, tzinfo=UTC)):  # a make-up Saturday
        d.submit(title="今天的")
    d.submit(title="明天的")
    issue = d.signed(difficulty="complex")
    d.do("feed_back", issue, d.officer, text="踏勘")
    now = clock.now()
    groups = {
        g["id"]: [r["text"] for r in g["rows"]]
        for g in todowords.groups(d.coordinator, todos.rows(d.coordinator, now), now)
    }
    assert [len(groups[key]) for key in ("late", "today", "week")] == [1, 1, 1]
    assert "上周的" in groups["late"][0]
    later = todowords.groups(d.officer, todos.rows(d.officer, now), now)
    assert [group["id"] for group in later] == ["later"]
    words = text_of(browser(d.coordinator).get(INBOX))
    assert "今天要办 2 件，其中 1 件已经逾期" in words
    assert "最久 2 天" in words


def test_the_strip_counts_each_working_day_once(d):
    d.submit()
    d.signed()
    now = clock.now()
    cells = todowords.week(todos.rows(d.coordinator, now), now)
    assert sum(cell.get("count", 0) for cell in cells) == 1
    assert [bool(cell.get("off")) for cell in cells].count(True) == 1
    assert len([cell for cell in cells if not cell.get("off")]) == 11  # overdue, today and nine more


@pytest.mark.parametrize("who", ["coordinator", "officer", "leader", "supervisor", "chief"])
def test_the_inbox_costs_the_same_few_queries_whatever_there_is(d, who):
    def more():
        d.submit()
        d.proposed()
        d.disputed()
        d.submit(kind="complaint")
        issue = d.signed(co_units=["GDJ"])
        d.do("extend", issue, d.officer, days=3, reason="检测排期")
        other = d.signed()
        d.do("escalate", other, d.officer, text="请定")
        d.do("decide", other, d.office, text="由水务局落实", unit="SWJ")
        d.do("escalate", d.signed(), d.officer, text="请定")

    more()
    client = browser(getattr(d, who))
    few = queries(client, INBOX)
    more()
    more()
    assert queries(client, INBOX) == few <= 18


def test_done_and_filed_are_lists_of_the_own_acts(d):
    issue = d.signed()
    filed = d.submit(actor=d.officer, channel="visit")
    client = browser(d.officer)
    done = text_of(client.get(f"{INBOX}?show=done"))
    assert "签收" in done
    assert issue.number in done
    mine = text_of(client.get(f"{INBOX}?show=filed"))
    assert filed.number in mine
    assert issue.number not in mine


def test_an_enterprise_finds_its_own_issues_with_what_waits_for_it(d):
    own = d.submit(actor=d.enterprise, title="我公司的")
    other = d.submit(title="别家的")
    d.do("return", own, d.coordinator, text="缺地址")
    assert browser(d.enterprise).get(INBOX)["Location"] == "/app/corner/"
    for path in ("/app/corner/", "/app/mine/"):
        answer = browser(d.enterprise).get(path)
        words = text_of(answer)
        assert "我公司的" in words
        assert other.title not in words
        assert act(own, "supplement") in answer.content.decode()
    assert browser(d.officer).get("/app/mine/").status_code == 200
