"""The issue page: what each reader finds there and what not, and what it costs."""

import pytest

from accounts.models import AuditEntry
from issues.states import Confidentiality
from tests.issues.pages import act, browser, page, queries, text_of

MOST_QUERIES = 12


def test_the_page_opens_for_each_of_the_cast_who_sees_it(d):
    issue = d.signed(co_units=["GDJ"])
    for actor in (d.coordinator, d.supervisor, d.chief, d.auditor, d.officer, d.power_officer, d.leader, d.office):
        answer = browser(actor).get(page(issue))
        assert answer.status_code == 200, actor
        assert issue.title in text_of(answer)
        assert "签收" in text_of(answer)
    for actor in (d.city_officer, d.other_leader, d.observer, d.enterprise):
        assert browser(actor).get(page(issue)).status_code == 404


def test_what_waits_for_whom_is_the_one_primary_action(d):
    issue = d.submit()
    assert 'btn--primary" href="' + act(issue, "assign") in browser(d.coordinator).get(page(issue)).content.decode()
    issue = d.assign(issue)
    officer = browser(d.officer).get(page(issue)).content.decode()
    assert 'btn--primary" href="' + act(issue, "sign") in officer
    assert officer.count("btn--primary") == 1
    assert act(issue, "refuse") in officer
    assert act(issue, "assign") not in officer
    auditor = browser(d.auditor).get(page(issue)).content.decode()
    assert "btn--primary" not in auditor
    assert "more__menu" not in auditor


def test_a_commercial_secret_is_hidden_from_the_co_unit(d):
    issue = d.assign(d.submit(confidentiality=Confidentiality.COMMERCIAL, text="配方 A-17"), co_units=["GDJ"])
    issue = d.do("sign", issue, d.officer)
    d.do("feed_back", issue, d.officer, text="检测排期已定")
    d.evidence(issue)
    for actor, reads in ((d.officer, True), (d.coordinator, True), (d.leader, True), (d.power_officer, False)):
        words = text_of(browser(actor).get(page(issue)))
        assert ("配方 A-17" in words) is reads, actor
        assert ("检测排期已定" in words) is reads, actor
        assert ("现场.txt" in words) is reads, actor


def test_units_never_learn_who_filed_an_anonymous_one(d):
    issue = d.assign(
        d.submit(
            confidentiality=Confidentiality.ANONYMOUS,
            actor=d.enterprise,
            contact={"name": "顾敏", "phone": "13800000001"},
        )
    )
    d.do("sign", issue, d.officer)
    words = browser(d.officer).get(page(issue)).content.decode()
    for secret in ("禾曦食品", "顾敏", "13800000001", "138****0001", "某enterprise"):
        assert secret not in words, secret
    desk = text_of(browser(d.coordinator).get(page(issue)))
    assert "禾曦食品" in desk  # the control: the page does tell those who may know


def test_the_phone_is_masked_until_somebody_asks_and_that_is_recorded(d):
    issue = d.signed()
    client = browser(d.officer)
    words = client.get(page(issue)).content.decode()
    assert "138****0001" in words
    assert "13800000001" not in words
    assert not AuditEntry.objects.filter(act="view_contact").exists()
    assert client.get(f"{page(issue)}contact/").status_code == 405
    assert "13800000001" in client.post(f"{page(issue)}contact/").content.decode()
    entry = AuditEntry.objects.get(act="view_contact")
    assert (entry.user_id, entry.object_ref) == (d.officer.user.pk, issue.number)


def test_the_enterprise_reads_no_internal_words(d):
    issue = d.submit(actor=d.enterprise)
    d.assign(issue, text="请尽快，领导关注", co_units=["GDJ"])
    d.do("sign", issue, d.officer)
    d.do("feed_back", issue, d.officer, text="内部意见：先拖一拖")
    d.do("feed_back", issue, d.officer, text="已踏勘，下周施工", public=True)
    d.do("extend", issue, d.officer, days=3, reason="人手不足")
    d.do("escalate", issue, d.officer, text="要求财政出钱")
    words = browser(d.enterprise).get(page(issue)).content.decode()
    assert "已踏勘，下周施工" in words
    for secret in ("先拖一拖", "人手不足", "财政出钱", "领导关注", "某unit_officer", "在手天数", "哈希"):
        assert secret not in words, secret
    assert "区水务局" in words
    staff = text_of(browser(d.coordinator).get(page(issue)))
    assert "先拖一拖" in staff  # the control


def test_the_page_never_holds_a_code(d):
    from issues.services import codes

    issue = d.rating()
    issue.refresh_from_db()
    for actor in (d.coordinator, d.officer, d.supervisor):
        words = browser(actor).get(page(issue)).content.decode()
        assert codes.code_of(issue.number, issue.code_nonce) not in words
        assert codes.rating_code(issue) not in words


def test_words_of_a_rating_are_not_for_the_unit(d):
    issue = d.disputed()
    assert "没有解决" not in text_of(browser(d.officer).get(page(issue)))
    assert "没有解决" in text_of(browser(d.coordinator).get(page(issue)))


def grow(d, issue, times):
    for n in range(times):
        with d.later(days=n):
            d.do("feed_back", issue, d.officer, text=f"第 {n} 次反馈", public=n % 2 == 0)
            d.evidence(issue)


@pytest.mark.parametrize("who", ["officer", "coordinator", "leader", "office", "power_officer", "auditor"])
def test_the_page_costs_the_same_few_queries_whatever_hangs_on_it(d, who):
    small = d.signed(co_units=["GDJ"])
    large = d.signed(co_units=["GDJ", "CGJ"])
    d.do("escalate", large, d.officer, text="请定")
    d.do("decide", large, d.office, text="由水务局落实", unit="SWJ", co_units=["GDJ"])
    grow(d, large, 12)
    d.do("extend", large, d.officer, days=2, reason="排期")
    client = browser(getattr(d, who))
    few, many = queries(client, page(small)), queries(client, page(large))
    assert few == many
    assert many <= MOST_QUERIES


def test_older_events_are_behind_a_link(d, monkeypatch):
    from issues import casefile

    issue = d.signed()
    grow(d, issue, 5)
    whole = text_of(browser(d.coordinator).get(page(issue)))
    assert "第 0 次反馈" in whole
    monkeypatch.setattr("issues.pages.pageparts.EVENTS_SHOWN", 3)
    monkeypatch.setattr(casefile, "EVENTS_SHOWN", 3)
    answer = browser(d.coordinator).get(page(issue))
    assert "第 0 次反馈" not in text_of(answer)
    assert "?before=" in answer.content.decode()
    assert "第 0 次反馈" in text_of(browser(d.coordinator).get(page(issue) + "?before=5"))


def test_a_deadline_opens_into_its_birth_certificate(d):
    issue = d.signed()
    words = text_of(browser(d.officer).get(page(issue)))
    assert "15 个工作日" in words
    clock = next(c for c in d_clocks(issue) if c.kind == "resolution")
    answer = browser(d.officer).get(f"{page(issue)}clocks/{clock.pk}/")
    assert answer.status_code == 200
    assert "03-23" in text_of(answer)
    assert browser(d.officer).get(f"{page(issue)}clocks/{clock.pk + 100_000}/").status_code == 404
    assert browser(d.city_officer).get(f"{page(issue)}clocks/{clock.pk}/").status_code == 404


def d_clocks(issue):
    from deadlines.models import Clock

    return Clock.objects.of("issue", issue.pk)


def test_hostile_words_are_only_words(d):
    evil = "<script>alert(1)</script>{{ 7|add:7 }}"
    issue = d.submit(title=evil, text=evil)
    body = browser(d.coordinator).get(page(issue)).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7|add:7 }}" in body


def test_a_refusals_clause_follows_the_text(d):
    issue = d.assign(d.submit(confidentiality=Confidentiality.COMMERCIAL), co_units=["GDJ"])
    issue = d.do("refuse", issue, d.officer, reason="属供电公司", clause="配方许可条款第九条", unit="GDJ")
    issue = d.assign(issue, co_units=["GDJ"])
    assert "第九条" in text_of(browser(d.officer).get(page(issue)))
    power = text_of(browser(d.power_officer).get(page(issue)))
    assert d.water.name in power
    assert "第九条" not in power
    assert "属供电公司" not in power


def test_why_this_leader_hints_nothing_on_an_anonymous_case(d):
    d.firm.liaison_leader = d.leader.posts[0]
    d.firm.save()
    seen = {}
    for word in (Confidentiality.NORMAL, Confidentiality.ANONYMOUS):
        issue = d.assign(d.submit(actor=d.enterprise, confidentiality=word))
        type(issue).objects.filter(pk=issue.pk).update(specialist=d.specialist.posts[0])
        assert issue.leader_why == "liaison"
        seen[word] = text_of(browser(d.officer).get(page(issue)))
        assert d.leader.user.name in seen[word]
        assert "包保" in text_of(browser(d.coordinator).get(page(issue)))
    assert "包保" in seen[Confidentiality.NORMAL]
    assert "包保" not in seen[Confidentiality.ANONYMOUS]
    assert d.specialist.user.name in seen[Confidentiality.NORMAL]
    assert d.specialist.user.name not in seen[Confidentiality.ANONYMOUS]


def test_an_auditor_opens_a_commercial_secret_with_an_audit_row(d):
    secret, plain = d.signed(), d.signed()
    type(secret).objects.filter(pk=secret.pk).update(confidentiality=Confidentiality.COMMERCIAL)
    for issue in (plain, secret):
        for actor in (d.auditor, d.officer):
            assert browser(actor).get(page(issue)).status_code == 200
    entry = AuditEntry.objects.get(act="read_commercial")
    assert (entry.object_ref, entry.user) == (secret.number, d.auditor.user)
