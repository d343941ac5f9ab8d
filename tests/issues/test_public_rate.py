"""The one-tap link: looking does nothing, the button rates, and it opens this one page alone."""

from __future__ import annotations

from django.test import Client

from accounts.actors import SYSTEM
from issues import services
from issues.models import Event, Issue, Rating
from issues.services import codes
from issues.services.closing import ask_about_promise
from tests.issues.pages import browser
from tests.issues.portal import link, opened, words


def test_looking_does_nothing_as_scanners_look_too(d, client):
    issue = d.rating()
    before = Event.objects.count()
    for _n in range(3):
        assert client.get(link(issue)).status_code == 200
        assert client.head(link(issue)).status_code == 200
    issue.refresh_from_db()
    assert (issue.state, Rating.objects.count(), Event.objects.count()) == ("rating", 0, before)
    assert "checked" not in client.get(link(issue)).content.decode()


def test_the_button_rates_and_the_page_thanks(d, client):
    issue = d.rating()
    assert "已修复" in words(client.get(link(issue)))  # the answer that is rated
    answer = client.post(link(issue), {"solved": "yes", "satisfaction": "5"})
    assert (answer.status_code, answer["Location"]) == (302, link(issue))
    issue.refresh_from_db()
    assert (issue.state, issue.solved, issue.satisfaction) == ("closed", "yes", 5)
    page = words(client.get(link(issue)))
    assert "谢谢" in page
    assert "解决了，很满意" in page


def test_nothing_is_chosen_beforehand_and_dissatisfaction_needs_words(d, client):
    issue = d.rating()
    answer = client.post(link(issue), {})
    assert answer.status_code == 422
    assert "请选一下：解决了没有" in words(answer)
    answer = client.post(link(issue), {"solved": "partly", "satisfaction": "2", "text": "  "})
    assert answer.status_code == 422
    assert "哪里不满意" in words(answer)
    assert answer.content.decode().count("checked") == 2
    assert client.post(link(issue), {"solved": "perhaps", "satisfaction": "9"}).status_code == 422
    assert not Rating.objects.exists()
    assert client.post(link(issue), {"solved": "no", "satisfaction": "1", "text": "没人来过"}).status_code == 302
    issue.refresh_from_db()
    assert issue.state == "disputed"
    assert "决定怎样续办" in words(client.get(link(issue)))


def test_a_second_answer_is_a_friendly_conflict_and_loses_no_words(d, client):
    issue = d.rating()
    client.post(link(issue), {"solved": "yes", "satisfaction": "4"})
    answer = client.post(link(issue), {"solved": "no", "satisfaction": "1", "text": "改主意了，其实没好"})
    assert answer.status_code == 409
    assert "改主意了，其实没好" in words(answer)
    assert Rating.objects.get().satisfaction == 4


def test_the_link_opens_no_other_page(d, client):
    issue = d.rating()
    client.get(link(issue))
    assert client.get(f"/track/{issue.number}/").status_code == 302
    assert client.post(f"/track/{issue.number}/rate/", {"solved": "yes", "satisfaction": "5"}).status_code == 403


def test_a_wrong_or_old_link_says_so_and_is_counted(d, client, one_minute):
    issue = d.rating()
    old = link(issue)
    strange = d.rating()
    for path in (
        f"/rate/{issue.number}/xx/",
        f"/rate/{issue.number}/中文/",
        f"/rate/{issue.number}/{codes.rating_code(strange)}/",
        f"/rate/WT2026-999999/{codes.rating_code(issue)}/",
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "不再有效" in words(answer)
    d.do("rate", issue, d.submitter(issue), solved="no", satisfaction=1, text="没好")
    issue = d.do("uphold", issue, d.coordinator, text="续办")
    assert client.get(old).status_code == 404  # the next round has a link of its own
    for _n in range(5):
        client.get(old)
    assert client.get(link(strange)).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.3").get(link(strange)).status_code == 200


def lapsed(d) -> Issue:
    issue = d.rating()
    with d.later(days=10):
        services.lapse(issue_id=issue.pk, actor=SYSTEM)
    with d.later(days=20):
        services.lapse(issue_id=issue.pk, actor=SYSTEM)
    issue.refresh_from_db()
    assert (issue.state, issue.solved) == ("closed", "")
    return issue


def test_late_is_better_than_never_until_day_thirty(d, client):
    issue = lapsed(d)
    with d.later(days=31):
        assert "现在不需要评价" in words(client.get(link(issue)))
        assert client.post(link(issue), {"solved": "yes", "satisfaction": "5"}).status_code == 409
        assert "评价" not in words(opened(issue).get(f"/track/{issue.number}/")).split("请您评价")[0]
    with d.later(days=29):
        assert client.post(link(issue), {"solved": "yes", "satisfaction": "5"}).status_code == 302
    assert Rating.objects.get(issue=issue).satisfaction == 5


def test_a_promise_is_asked_about_once_its_day_is_over(d, client):
    issue = d.rating(outcome="promised", promised_on="2026-03-10")
    client.post(link(issue), {"solved": "partly", "satisfaction": "4"})
    assert "谢谢" in words(client.get(link(issue)))  # nothing is asked before that day
    with d.later(days=9):
        ask_about_promise(issue_id=issue.pk, actor=SYSTEM)
        assert "承诺办到了吗" in words(client.get(link(issue)))
        assert client.post(link(issue), {"solved": "no", "satisfaction": "1", "text": "没有"}).status_code == 302
    issue.refresh_from_db()
    assert (issue.state, issue.round) == ("handling", 2)


def test_who_joined_rates_the_own_number(d, client):
    lead = d.signed()
    joined = d.do("merge", d.submit(title="乙公司的"), d.coordinator, into=lead.number)
    assert "现在不需要评价" in words(client.get(link(joined)))
    d.evidence(lead)
    d.do("propose", lead, d.officer, outcome="solved", account="管网已接通")
    d.do("verify", lead, d.coordinator, text="内部核实")
    joined.refresh_from_db()
    page = words(client.get(link(joined)))
    assert "管网已接通" in page
    assert "内部核实" not in page
    assert client.post(link(joined), {"solved": "yes", "satisfaction": "5"}).status_code == 302
    joined.refresh_from_db()
    assert (joined.state, joined.solved) == ("merged", "yes")


def test_whoever_is_signed_in_rates_as_the_submitter_and_stays_on_the_record(d):
    issue = d.rating()
    client = browser(d.city_officer)  # of a unit that has nothing to do with it
    assert client.post(link(issue), {"solved": "yes", "satisfaction": "5"}).status_code == 302
    event = Event.objects.filter(issue=issue, kind="rate").get()
    assert (event.user, event.post) == (d.city_officer.user, None)
