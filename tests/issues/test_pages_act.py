"""The action pages: form, verb, mistakes kept, conflicts kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from documents.models import Attachment
from issues import services
from issues.forms import FORMS
from issues.models import Event, Issue
from tests.issues.pages import act, browser, page, text_of


def test_every_action_has_a_form_with_just_the_fields_of_its_verb(d):
    issue = d.submit()
    assert set(FORMS) == set(services.ACTIONS)
    for action, (_verb, fields) in services.ACTIONS.items():
        form = FORMS[action](issue=issue, actor=d.coordinator)
        ours = set(form.fields) - {"version", "files"}
        # the tick that ends a part is only there for a co-unit
        assert ours | ({"done"} if action == "feed_back" else set()) == fields, action


def send(d, actor, issue, action, **fields):
    issue.refresh_from_db()
    return browser(actor).post(act(issue, action), {"version": issue.version, **fields})


def test_the_loop_by_pages_alone(d):
    issue = d.submit()
    plan = {"category": "供水", "urgency": "normal", "difficulty": "normal"}
    steps = [
        (d.coordinator, "assign", plan | {"unit": "CGJ"}, "assigned"),
        (d.city_officer, "refuse", {"reason": "不属本单位职责", "unit": "SWJ"}, "submitted"),
        (d.coordinator, "assign", plan | {"unit": "SWJ", "co_units": ["GDJ"]}, "assigned"),
        (d.officer, "sign", {"handler": "程工"}, "handling"),
        (d.officer, "feed_back", {"text": "已踏勘", "public": "on"}, "handling"),
        (d.power_officer, "feed_back", {"text": "泵站已供电", "done": "on"}, "handling"),
        (d.officer, "escalate", {"text": "需明确费用"}, "coordinating"),
        (d.office, "decide", {"text": "由水务局承担", "unit": "SWJ"}, "handling"),
    ]  # fmt: skip
    for actor, action, fields, state in steps:
        answer = send(d, actor, issue, action, **fields)
        assert answer.status_code == 302, (action, text_of(answer))
        issue.refresh_from_db()
        assert issue.state == state, action
    decision = issue.decisions.get()
    assert (
        browser(d.officer).post(f"/app/decisions/{decision.pk}/", {"text": "已落实", "done": "on"}).status_code == 302
    )
    evidence = SimpleUploadedFile("水压.txt", "恢复到 0.35 兆帕".encode(), content_type="text/plain")
    answer = send(d, d.officer, issue, "propose", outcome="solved", account="已修复", files=[evidence])
    assert answer.status_code == 302, text_of(answer)
    assert Attachment.objects.of("issue", issue.pk).get().unit_id == d.water.pk
    for actor, action, fields in (
        (d.coordinator, "send_back", {"reason": "补水压记录"}),
        (d.officer, "propose", {"outcome": "solved", "account": "已补记录"}),
        (d.coordinator, "verify", {"text": "电话核实"}),
    ):
        assert send(d, actor, issue, action, **fields).status_code == 302, action
    issue.refresh_from_db()
    assert (issue.state, issue.round) == ("rating", 2)


def test_requests_are_asked_and_ruled_by_pages(d):
    issue = d.signed()
    assert send(d, d.officer, issue, "extend", days="3", reason="检测排期").status_code == 302
    assert "检测排期" in text_of(browser(d.coordinator).get(act(issue, "grant")))
    assert send(d, d.coordinator, issue, "deny", reason="理由不足").status_code == 302
    until = timezone.localdate(timezone.now()).replace(year=2026, month=3, day=20).isoformat()
    fields = {"reason": "awaiting_enterprise", "text": "等负荷表", "until": until}
    assert send(d, d.officer, issue, "suspend", **fields).status_code == 302
    assert send(d, d.coordinator, issue, "grant").status_code == 302
    assert send(d, d.officer, issue, "resume").status_code == 302
    issue.refresh_from_db()
    assert issue.state == "handling"


def test_a_mistake_is_told_beside_its_field_and_what_was_typed_stays(d):
    issue = d.signed()
    answer = send(d, d.officer, issue, "propose", outcome="solved", account="写了很长的情况")
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "写了很长的情况" in body
    assert "佐证" in text_of(answer)
    assert "aria-describedby" in body
    assert send(d, d.officer, issue, "propose", outcome="", account="").status_code == 422
    issue.refresh_from_db()
    assert issue.state == "handling"


def test_a_file_of_a_refused_act_is_not_attached(d):
    issue = d.signed()
    paper = SimpleUploadedFile("说明.txt", "情况说明".encode(), content_type="text/plain")
    answer = send(d, d.officer, issue, "propose", outcome="impossible", account="不能办", files=[paper])
    assert answer.status_code == 422  # the clause is missing
    assert not Attachment.objects.of("issue", issue.pk).exists()
    paper.seek(0)
    answer = send(
        d, d.officer, issue, "propose", outcome="impossible", account="不能办", clause="第九条", files=[paper]
    )
    assert answer.status_code == 302
    assert Attachment.objects.of("issue", issue.pk).count() == 1


@pytest.mark.parametrize("text", ["经开区已会同供电公司完成踏勘，<b>建议</b>由滨港变出线", ""])
def test_a_stale_version_answers_409_and_loses_nothing(d, text):
    issue = d.signed()
    seen = issue.version
    d.do("feed_back", issue, d.head, text="科长先反馈了")
    answer = browser(d.officer).post(act(issue, "feed_back"), {"version": seen, "text": text})
    assert answer.status_code == 409  # also when the form has a mistake: the version is looked at first
    body = answer.content.decode()
    assert "某unit_head" in text_of(answer)
    assert "科长先反馈了" in text_of(answer)
    assert "核对无误，继续提交" in body
    assert "<b>建议</b>" not in body
    issue.refresh_from_db()
    assert f'name="version" value="{issue.version}"' in body
    if text:
        again = browser(d.officer).post(act(issue, "feed_back"), {"version": issue.version, "text": text})
        assert again.status_code == 302
        assert Event.objects.filter(issue=issue, kind="feed_back").count() == 2


def test_where_the_act_no_longer_fits_there_is_no_way_on_but_the_words_stay(d):
    issue = d.proposed()
    seen = issue.version
    d.do("send_back", issue, d.coordinator, reason="缺记录")
    answer = browser(d.coordinator).post(act(issue, "verify"), {"version": seen, "text": "已电话核实三次"})
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "已电话核实三次" in body
    assert "核对无误，继续提交" not in body
    assert "办理中" in text_of(answer)


def test_what_the_case_itself_forbids_offers_no_second_try(d):
    issue = d.do("sign", d.assign(d.submit(), co_units=["GDJ"]), d.officer)
    d.evidence(issue)
    answer = send(d, d.officer, issue, "propose", outcome="solved", account="已修复")
    assert answer.status_code == 409
    assert "协办单位尚未反馈办完（临江供电公司），暂不能申请销号" in text_of(answer)
    assert "已修复" in answer.content.decode()
    assert "核对无误" not in answer.content.decode()


def test_the_form_is_offered_only_to_whom_the_verb_would_not_refuse(d):
    issue = d.signed()
    assert browser(d.officer).get(act(issue, "feed_back")).status_code == 200
    assert browser(d.coordinator).get(act(issue, "feed_back")).status_code == 403
    assert browser(d.officer).get(act(issue, "sign")).status_code == 409
    assert browser(d.city_officer).get(act(issue, "feed_back")).status_code == 404
    assert browser(d.coordinator).get(act(issue, "lapse")).status_code == 404
    assert browser(d.coordinator).get(act(issue, "nothing")).status_code == 404
    before = Issue.objects.get(pk=issue.pk).version
    assert browser(d.coordinator).post(act(issue, "feed_back"), {"version": before, "text": "x"}).status_code == 403
    assert Issue.objects.get(pk=issue.pk).version == before


def test_the_page_of_a_file_added_by_itself(d):
    issue = d.signed()
    paper = SimpleUploadedFile("踏勘.txt", "现场".encode(), content_type="text/plain")
    answer = browser(d.officer).post(f"{page(issue)}files/", {"file": paper})
    assert answer.status_code == 302
    assert "踏勘.txt" in text_of(browser(d.officer).get(page(issue)))
    wrong = SimpleUploadedFile("木马.exe", b"MZ", content_type="application/octet-stream")
    answer = browser(d.officer).post(f"{page(issue)}files/", {"file": wrong}, follow=True)
    assert "木马.exe" not in text_of(answer)
    assert "类型" in text_of(answer) or "文件" in text_of(answer)
