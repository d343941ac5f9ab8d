"""Triage: oldest first, duplicate hints, whose issue it is, and on to the next."""

from django.urls import reverse

from issues import hints
from issues.models import Issue
from tests.issues.pages import act, browser, text_of

TRIAGE = "/app/triage/"


def test_the_oldest_comes_first_and_after_assigning_the_next(d):
    first = d.submit(title="先来的")
    with d.later(minutes=5):
        second = d.submit(title="后来的")
    client = browser(d.coordinator)
    answer = client.get(TRIAGE)
    assert answer.context["issue"] == first
    assert "待受理 2 件" in text_of(answer)
    fields = {"version": 1, "category": "供水", "unit": "SWJ", "urgency": "normal", "difficulty": "normal"}
    answer = client.post(act(first, "assign") + "?next=triage", fields, follow=True)
    assert answer.redirect_chain[-1][0] == TRIAGE
    assert answer.context["issue"] == second
    assert client.get(f"{TRIAGE}?number={second.number}").context["issue"] == second


def test_only_the_desk_comes_in_and_complaints_are_the_supervisors(d):
    issue, complaint = d.submit(), d.submit(kind="complaint")
    assert browser(d.coordinator).get(TRIAGE).context["issue"] == issue
    assert browser(d.supervisor).get(TRIAGE).context["issue"] == complaint
    for actor in (d.officer, d.leader, d.enterprise, d.auditor):
        assert browser(actor).get(TRIAGE).status_code == 403


def test_hints_by_words_and_by_enterprise(d):
    old = d.submit(title="厂区供水压力不足，下午停水")
    same_firm = d.submit(title="用工缺口", text="招不到人", enterprise="云岫生物")
    d.submit(title="完全不相干的一件", text="道路照明")
    complaint = d.submit(title="厂区供水压力不足投诉", kind="complaint")
    new = d.submit(title="供水压力不足", text="每天下午没有水", enterprise="云岫生物")
    new = Issue.objects.select_related("body", "enterprise").get(pk=new.pk)
    found = hints.hints(d.coordinator, [new])[new.pk]
    assert [(hint.number, hint.alike) for hint in found] == [(old.number, True), (same_firm.number, False)]
    assert complaint.number not in {hint.number for hint in hints.hints(d.supervisor, [new])[new.pk]}
    words = text_of(browser(d.coordinator).get(f"{TRIAGE}?number={new.number}"))
    assert old.number in words
    assert "内容相近" in words


def test_hints_show_only_what_is_there_for_the_actor(d):
    hidden = d.assign(d.submit(title="厂区供水压力不足"), unit="CGJ")
    own = d.assign(d.submit(title="厂区供水压力不足"))
    new = Issue.objects.select_related("body", "enterprise").get(pk=own.pk)
    assert [hint.number for hint in hints.hints(d.coordinator, [new])[new.pk]] == [hidden.number]
    assert hints.hints(d.officer, [new]).get(new.pk, []) == []


def test_the_desk_confirms_whose_issue_it_is(d):
    issue = d.submit(enterprise="禾曦食品有限公司")
    client = browser(d.coordinator)
    words = client.get(TRIAGE).content.decode()
    assert "表单填的是“禾曦食品有限公司”" in words
    assert d.firm.uscc in words
    path = reverse("issues:identify", args=[issue.number])
    wrong = client.post(path, {"enterprise": "", "code": "91000000000000000X", "version": 1})
    assert wrong.status_code == 422
    assert client.post(path, {"enterprise": str(d.firm.pk), "version": 1}).status_code == 302
    issue.refresh_from_db()
    assert issue.enterprise_id == d.firm.pk
    assert client.post(path, {"enterprise": str(d.firm.pk), "version": 1}).status_code == 409
    assert browser(d.officer).post(path, {"enterprise": str(d.firm.pk)}).status_code == 403


def test_merging_from_a_hint(d):
    old, new = d.submit(title="厂区供水压力不足"), d.submit(title="厂区供水压力不足")
    client = browser(d.coordinator)
    answer = client.get(act(new, "merge") + f"?into={old.number}")
    assert f'value="{old.number}"' in answer.content.decode()
    assert client.post(act(new, "merge"), {"version": 1, "into": "WT2026-999999"}).status_code == 422
    assert client.post(act(new, "merge"), {"version": 1, "into": old.number}).status_code == 302
    new.refresh_from_db()
    assert new.merged_into_id == old.pk
    assert new.number in text_of(client.get(reverse("issues:page", args=[old.number])))
