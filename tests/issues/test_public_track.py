"""查进度: number and code open the own issue and nothing else, and never an internal word."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import clock
from common.models import RateWindow
from documents.models import Attachment
from documents.services.attach import attach
from issues import limits
from issues.models import Issue
from issues.public import opened as memory
from issues.services import tracking_code
from tests.issues.pages import browser
from tests.issues.portal import opened, seen, words


def enter(client: Client, number: str, code: str) -> object:
    return client.post("/track/", {"number": number, "code": code})


def track(issue: Issue, rest: str = "") -> str:
    return f"/track/{issue.number}/{rest}"


# --- number and code -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        str,
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " — "),
        lambda code: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code),  # full width
    ],
)
def test_the_code_opens_however_it_is_typed(d, client, typed):
    issue = d.submit()
    answer = enter(client, f" {issue.number.lower()} ", typed(tracking_code(issue)))
    assert (answer.status_code, answer["Location"]) == (302, track(issue))
    assert issue.title in words(client.get(track(issue)))


def test_what_does_not_fit_gets_one_neutral_answer(d, client):
    one, two = d.submit(), d.submit(title="另一件")
    answers = [
        enter(client, one.number, "AAAA-BBBB"),
        enter(client, two.number, tracking_code(one)),
        enter(client, "WT2026-999999", tracking_code(one)),
        enter(client, one.number, "'; --\u202e𠮷"),
    ]
    assert {answer.status_code for answer in answers} == {422}
    told = {words(answer).replace("另一件", "").split("核对后再试")[0] for answer in answers}
    assert len(told) == 1
    assert client.get(track(one)).status_code == 302


def test_an_address_may_err_ten_times_a_minute(d, client, one_minute):
    issue = d.submit()
    for _n in range(10):
        assert enter(client, issue.number, "WRONG").status_code == 422
    answer = enter(client, issue.number, tracking_code(issue))
    assert answer.status_code == 429  # the right one as well: else waiting would tell
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert f'value="{issue.number}"' in answer.content.decode()
    assert enter(Client(REMOTE_ADDR="192.0.2.9"), issue.number, tracking_code(issue)).status_code == 302


def test_control_right_codes_are_not_counted(d):
    issue = d.submit()
    for _n in range(12):
        opened(issue)
    assert not RateWindow.objects.filter(name="tracking").exists()


def test_all_together_may_err_a_hundred_times_a_minute(d, one_minute, monkeypatch):
    assert limits.CODES_IN_ALL == 100
    monkeypatch.setattr(limits, "CODES_IN_ALL", 20)
    issue = d.submit()
    for n in range(20):
        assert enter(Client(REMOTE_ADDR=f"192.0.2.{n}"), issue.number, "WRONG").status_code == 422
    assert enter(Client(REMOTE_ADDR="198.51.100.1"), issue.number, "WRONG").status_code == 429


def test_only_the_browser_that_showed_the_code_gets_in_and_for_half_an_hour(d, client, monkeypatch):
    issue, other = d.submit(), d.submit(title="另一件")
    opened(issue, client)
    assert client.get(track(issue)).status_code == 200
    assert Client().get(track(issue))["Location"] == f"/track/?number={issue.number}"
    assert client.get(track(other)).status_code == 302
    assert client.get("/track/WT2026-999999/")["Location"] == "/track/?number=WT2026-999999"
    now = memory.time.time()
    for minutes, status in ((20, 200), (45, 200), (76, 302)):  # each look renews the half hour
        monkeypatch.setattr(memory.time, "time", lambda at=now + minutes * 60: at)
        assert client.get(track(issue)).status_code == status, minutes


def test_the_session_is_a_new_one_so_that_a_planted_one_opens_nothing(d, client):
    issue = d.submit()
    client.get("/track/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = session.session_key
    opened(issue, client)
    assert client.cookies["sessionid"].value != session.session_key


def test_letters_lead_to_the_form_with_the_number_filled_in(d, client):
    issue = d.submit()
    page = client.get(f"/track/?number={issue.number}").content.decode()
    assert f'value="{issue.number}"' in page
    assert tracking_code(issue) not in page


@pytest.mark.parametrize("path", ["/track/%00/", "/track/%0a/rate/", "/rate/%00/x/", "/track/" + "x" * 300 + "/"])
def test_odd_addresses_are_not_found(d, client, path):
    assert client.get(path).status_code in (302, 400, 404)


# --- what is seen ----------------------------------------------------------------------------------------------------


def states(d) -> dict[str, Issue]:
    assigned = d.assign(d.submit())
    handling = d.signed()
    returned = d.do("return", d.submit(), d.coordinator, text="请说明是哪个车间")
    merged = d.do("merge", d.submit(), d.coordinator, into=handling.number)
    withdrawn = d.submit()
    suspended = d.signed()
    d.do("suspend", suspended, d.officer, reason="season", text="内部", until=clock.today().replace(day=20))
    closed = d.rating()
    return {
        "submitted": d.submit(),
        "returned": returned,
        "declined": d.do("decline", d.submit(), d.coordinator, reason="in_court", text="法院已经受理"),
        "merged": merged,
        "assigned": assigned,
        "handling": handling,
        "coordinating": d.do("escalate", d.signed(), d.officer, text="内部：要区领导定"),
        "suspended": d.do("grant", suspended, d.coordinator, text="内部"),
        "proposed": d.proposed(),
        "rating": d.rating(),
        "disputed": d.disputed(),
        "closed": d.do("rate", closed, d.submitter(closed), solved="yes", satisfaction=5),
        "withdrawn": d.do("withdraw", withdrawn, d.submitter(withdrawn), reason="已经好了"),
    }


TOLD = {
    "submitted": "最迟 3月3日（周二）交给承办单位",
    "returned": "请说明是哪个车间",
    "declined": "法院已经受理",
    "merged": "合并办理",
    "assigned": "等它签收",
    "handling": "最迟 3月23日（周一）答复您",
    "coordinating": "已报分管区领导",
    "suspended": "3月20日（周五）自动恢复",
    "proposed": "正在核实",
    "rating": "请您在 3月9日（周一）前",
    "disputed": "没有解决，很不满意",
    "closed": "解决了，很满意",
    "withdrawn": "您已撤回",
}


def test_every_state_is_told_in_plain_words(d):
    for state, issue in states(d).items():
        assert issue.state == state
        page = seen(issue)
        assert TOLD[state] in page, (state, page)
        assert "内部" not in page


def test_a_late_one_says_so_and_who_knows(d):
    issue = d.signed()
    with d.later(days=24):
        assert "已经超期：原定 3月23日（周一）答复您" in seen(issue)
        assert "已经提醒承办单位负责人" in seen(issue)
    with d.later(days=40):
        assert "已经自动报到分管区领导" in seen(issue)


def test_an_extension_shows_the_first_date_too(d):
    issue = d.signed()
    d.do("extend", issue, d.officer, days=5, reason="内部：排期")
    d.do("grant", issue, d.coordinator)
    page = seen(issue)
    assert "最迟 3月30日（周一）答复您" in page
    assert "原定 3月23日（周一）" in page


def test_no_internal_word_is_ever_shown(d):
    secret = "内部不外传"
    issue = d.submit()
    d.assign(issue, unit="CGJ", text=f"{secret}一")
    d.do("refuse", issue, d.city_officer, reason=f"{secret}二", clause=f"{secret}三", unit="SWJ")
    d.assign(issue, text=f"{secret}四", co_units=["GDJ"])
    d.do("sign", issue, d.officer)
    d.do("feed_back", issue, d.officer, text=f"{secret}五", public=False)
    d.do("feed_back", issue, d.power_officer, text=f"{secret}六", done=True)
    d.do("feed_back", issue, d.officer, text="已约贵公司现场看", public=True)
    d.do("escalate", issue, d.officer, text=f"{secret}七")
    d.do("decide", issue, d.office, text=f"{secret}八", unit="SWJ")
    decision = issue.decisions.get()
    from issues.services import feed_back_decision

    feed_back_decision(decision_id=decision.pk, actor=d.officer, text=f"{secret}九", done=True)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account=f"{secret}十：还没核实的答复")
    assert secret not in seen(issue)
    d.do("send_back", issue, d.coordinator, reason=f"{secret}十一")
    d.do("propose", issue, d.officer, outcome="partly", account="已换泵，傍晚仍偏低", cause="incomplete")
    assert "傍晚仍偏低" not in seen(issue)  # not before it was checked
    d.do("verify", issue, d.coordinator, text=f"{secret}十二", cause="unwilling")
    page = seen(issue)
    assert secret not in page
    assert "不给办" not in page
    assert "已约贵公司现场看" in page
    assert "傍晚仍偏低" in page
    assert "现场.txt" not in page  # the unit's evidence, not shared


def test_who_joined_another_issue_reads_its_public_words_and_nothing_else(d):
    lead = d.submit(title="甲公司的标题", text="甲公司的原文")
    lead = d.do("sign", d.assign(lead), d.officer)
    d.do("feed_back", lead, d.officer, text="管网周五接通", public=True)
    d.do("feed_back", lead, d.officer, text="内部意见")
    joined = d.do("merge", d.submit(title="乙公司的标题"), d.coordinator, into=lead.number)
    page = seen(joined)
    assert "管网周五接通" in page
    for strange in ("甲公司", "内部意见", lead.number):
        assert strange not in page
    commercial = d.submit(confidentiality="commercial")
    d.do("sign", d.assign(commercial), d.officer)
    d.do("feed_back", commercial, d.officer, text="配方车间已通水", public=True)
    other = d.do("merge", d.submit(), d.coordinator, into=commercial.number)
    assert "配方车间" not in seen(other)


def test_staff_who_hold_the_code_see_what_the_submitter_sees(d):
    issue = d.signed()
    d.do("feed_back", issue, d.officer, text="内部意见")
    for actor in (d.coordinator, d.officer, d.supervisor):
        client = browser(actor)
        assert client.get(track(issue)).status_code == 302  # without the code: not here
        assert "内部意见" not in seen(issue, client)


def test_the_own_words_of_a_rating_can_be_read_again(d):
    page = seen(d.disputed())
    assert "没有解决，很不满意" in page
    assert "没有解决" in page.split("往来记录")[1]  # what the cast's submitter wrote


def test_an_account_follows_its_own_issues_without_a_code(d):
    issue = d.submit(actor=d.enterprise)
    assert browser(d.enterprise).get(track(issue)).status_code == 200
    assert browser(d.observer).get(track(issue)).status_code == 302


# --- files -----------------------------------------------------------------------------------------------------------


def paper(d, issue: Issue, name: str, by: str, *, public: bool) -> Attachment:
    file = SimpleUploadedFile(name, f"内容：{name}".encode(), content_type="text/plain")
    return attach(
        actor=d.officer, subject_kind="issue", subject_id=issue.pk, file=file, by=by, public=public, at=clock.now()
    )


def test_own_and_shared_files_open_and_no_others(d):
    issue, other = d.signed(), d.signed()
    own = paper(d, issue, "我的照片.txt", "submitter", public=True)
    shared = paper(d, issue, "答复函.txt", "staff", public=True)
    inner = paper(d, issue, "内部签报.txt", "staff", public=False)
    strange = paper(d, other, "别人的.txt", "submitter", public=True)
    client = opened(issue)
    page = words(client.get(track(issue)))
    assert "我的照片.txt" in page
    assert "答复函.txt" in page
    assert "内部签报" not in page
    for file, status in ((own, 200), (shared, 200), (inner, 404), (strange, 404)):
        answer = client.get(track(issue, f"files/{file.pk}/{file.name}"))
        assert answer.status_code == status, file.name
    assert b"".join(client.get(track(issue, f"files/{own.pk}/x")).streaming_content) == "内容：我的照片.txt".encode()
    assert Client().get(track(issue, f"files/{own.pk}/x")).status_code == 404


# --- acts ------------------------------------------------------------------------------------------------------------


def test_what_is_missing_is_sent_as_words_or_as_files(d):
    for fields in ({"text": "是三车间"}, {"files": SimpleUploadedFile("表.txt", "读数".encode())}):
        issue = d.do("return", d.submit(), d.coordinator, text="哪个车间？")
        client = opened(issue)
        assert "哪个车间" in words(client.get(track(issue, "supplement/")))
        assert client.post(track(issue, "supplement/"), {}).status_code == 422
        assert client.post(track(issue, "supplement/"), fields).status_code == 302
        issue.refresh_from_db()
        assert issue.state == "submitted"
    assert "表.txt" in words(client.get(track(issue)))


def test_files_can_be_added_while_it_is_worked_on(d):
    issue = d.signed()
    client = opened(issue)
    assert "请选择文件" in words(client.post(track(issue, "files/"), {}))
    bad = client.post(track(issue, "files/"), {"files": SimpleUploadedFile("x.exe", b"MZ")})
    assert bad.status_code == 422
    good = client.post(track(issue, "files/"), {"files": SimpleUploadedFile("新照片.txt", b"x")}, follow=True)
    assert "新照片.txt" in words(good)
    issue.refresh_from_db()
    assert issue.state == "handling"


def test_withdrawn_and_reopened_by_the_submitter(d):
    issue = d.signed()
    client = opened(issue)
    assert client.post(track(issue, "withdraw/"), {"reason": " "}).status_code == 422
    assert client.post(track(issue, "withdraw/"), {"reason": "已经好了"}).status_code == 302
    issue.refresh_from_db()
    assert issue.state == "withdrawn"
    closed = d.rating()
    d.do("rate", closed, d.submitter(closed), solved="yes", satisfaction=4)
    client = opened(closed)
    assert "要求重启办理" in words(client.get(track(closed)))
    assert client.post(track(closed, "reopen/"), {"reason": "又停水了"}).status_code == 302
    closed.refresh_from_db()
    assert (closed.state, closed.round) == ("handling", 2)
    assert "要求重启办理" not in words(client.get(track(closed)))


def test_what_no_longer_fits_is_a_conflict_that_keeps_the_words(d):
    issue = d.signed()
    client = opened(issue)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account="已修复")
    answer = client.post(track(issue, "withdraw/"), {"reason": "写了很久的理由 <b>"})
    assert answer.status_code == 409
    assert "写了很久的理由 <b>" in words(answer).replace("&lt;", "<")
    assert "写了很久的理由 &lt;b&gt;" in answer.content.decode()
    assert client.get(track(issue, "withdraw/")).status_code == 409
    assert client.get(track(issue, "verify/")).status_code == 404
    issue.refresh_from_db()
    assert issue.state == "proposed"


def test_after_half_an_hour_the_words_are_still_there(d, monkeypatch):
    issue = d.signed()
    client = opened(issue)
    now = memory.time.time()
    monkeypatch.setattr(memory.time, "time", lambda: now + 31 * 60)
    answer = client.post(track(issue, "withdraw/"), {"reason": "写了很久的理由"})
    assert answer.status_code == 403
    assert "写了很久的理由" in words(answer)
    assert f'value="{issue.number}"' in answer.content.decode()
    issue.refresh_from_db()
    assert issue.state == "handling"


def test_the_buttons_are_those_that_the_policy_allows(d):
    wanted = {
        "submitted": {"files", "withdraw"},
        "returned": {"supplement", "withdraw"},
        "handling": {"files", "withdraw"},
        "proposed": {"files"},
        "rating": {"rate", "files"},
        "disputed": {"files"},
        "closed": {"reopen"},
        "declined": set(),
        "withdrawn": set(),
    }
    for state, issue in states(d).items():
        if state in wanted:
            page = opened(issue).get(track(issue)).content.decode()
            found = {name for name in ("rate", "supplement", "files", "reopen", "withdraw") if f'/{name}/"' in page}
            assert found == wanted[state], state
