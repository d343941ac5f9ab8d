"""反映问题: anybody may, nothing typed is lost, sent twice is one issue, and number and code stay with the sender."""

from __future__ import annotations

import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from common.models import IdempotentAnswer
from documents.models import Attachment
from issues.models import Issue
from issues.public import opened as memory
from issues.services import tracking_code
from tests.issues.pages import browser
from tests.issues.portal import FORM, key_of, send, value_of, words


def photo(name: str = "现场.txt", text: str = "水压表读数 0.05 兆帕") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def test_five_fields_to_begin_with_and_no_script(d, client):
    answer = client.get("/submit/")
    first, _fold, more = answer.content.decode().partition("<details")
    for name in ("title", "text", "name", "phone", "enterprise"):
        assert f'name="{name}"' in first
    for name in ("files", "urgency", "place", "category", "email", "confidentiality", "kind"):
        assert f'name="{name}"' not in first
        assert f'name="{name}"' in more
    assert "checked" not in answer.content.decode()
    assert "<script" not in answer.content.decode()
    assert "国家秘密" in words(answer)
    assert answer["Cache-Control"].count("no-store")


def test_the_sender_gets_number_and_code_with_real_dates(d, client):
    answer = send(client, enterprise="禾曦食品有限公司")
    assert (answer.status_code, answer["Location"]) == (302, "/submit/done/")
    issue = Issue.objects.get()
    assert (issue.state, issue.channel, issue.kind, issue.urgency) == ("submitted", "web_form", "issue", "normal")
    assert issue.body.enterprise_claim == "禾曦食品有限公司"
    assert issue.enterprise is None  # a name on a form is a claim
    page = words(client.get("/submit/done/"))
    assert issue.number in page
    assert tracking_code(issue) in page
    assert "最迟 3月3日（周二）" in page  # Monday's next working day
    assert "最迟 3月6日（周五）" in page  # and three more
    assert tracking_code(issue).replace("-", "") not in str(dict(client.session)).replace("-", "")


def test_everything_that_can_be_added(d, client):
    more = {
        "category": "供水", "urgency": "urgent", "place": "滨港路 8 号", "confidentiality": "commercial",
        "kind": "complaint", "email": "gu@example.test", "files": [photo(), photo("清单.csv", "a,b\n1,2\n")],
    }  # fmt: skip
    assert send(client, "/submit/?from=qr", **more).status_code == 302
    issue = Issue.objects.get()
    assert (issue.channel, issue.kind, issue.urgency, issue.place) == ("qr_card", "complaint", "urgent", "滨港路 8 号")
    assert (issue.confidentiality, issue.category.name) == ("commercial", "供水")
    assert issue.body.contact_email == "gu@example.test"
    files = Attachment.objects.of("issue", issue.pk)
    assert [(one.name, one.by, one.public) for one in files.order_by("pk")] == [
        ("现场.txt", "submitter", True),
        ("清单.csv", "submitter", True),
    ]
    assert "督查" in words(client.get("/submit/done/"))


def test_a_complaint_has_a_form_of_its_own(d, client):
    answer = client.get("/submit/?kind=complaint")
    page, said = answer.content.decode(), words(answer)
    first = page.partition("<details")[0]
    assert "<h1>投诉举报</h1>" in page
    assert "由区政府督查室直接受理，区纪委监委可以查阅，被反映的单位和个人看不到" in said
    assert "推诿刁难" in said
    assert "新设备用电不够" not in said
    assert "交给承办单位" not in said
    assert first.index('name="kind"') < first.index('name="title"')
    assert page.count('name="kind"') == 2  # the two choices, once
    assert page.count("checked") == 1
    assert '<details class="fold" open' not in page


def test_the_control_a_problem_is_promised_a_unit(d, client):
    said = words(client.get("/submit/"))
    assert "交给承办单位" in said
    assert "督查室直接受理" not in said


def test_a_complaint_sent_with_a_mistake_keeps_its_form_and_is_promised_no_unit(d, client):
    answer = send(client, kind="complaint", title="")
    assert answer.status_code == 422
    assert "<h1>投诉举报</h1>" in answer.content.decode()
    send(client, kind="complaint")
    done = words(client.get("/submit/done/"))
    assert "由区政府督查室受理" in done
    assert "交给承办单位" not in done


def test_mistakes_stand_beside_their_fields_and_nothing_is_lost(d, client):
    text = "三车间停水 <b>两小时</b>"
    answer = client.post("/submit/", {"text": text, "name": "顾工", "phone": "打我手机", "email": "x@"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.index('role="alert"') < page.index("<form class")
    for field in ("id_title", "id_phone", "id_email"):
        assert f'href="#{field}"' in page
        assert f'id="{field}_error"' in page
    assert "三车间停水 &lt;b&gt;两小时&lt;/b&gt;" in page
    assert 'value="打我手机"' in page
    assert "<title>错误：" in page.replace("\n", "")
    assert not Issue.objects.exists()


def test_digits_of_an_input_method_are_digits(d, client):
    assert send(client, phone="１３８００００ ０００２").status_code == 302
    assert Issue.objects.get().body.contact_phone == "1380000 0002"


@pytest.mark.parametrize(
    "bad",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE issues_issue; --",
        "{{ 7|add:7 }}",
        "\u202e\u0000x",
        "𠮷堃䶮" * 70,
        "=1+1",
    ],
)
def test_whatever_is_typed_is_taken_as_text_or_refused(d, client, bad):
    names = ("title", "text", "name", "phone", "enterprise", "place", "email", "category", "urgency", "kept", "key")
    for name in names:
        answer = send(client, **{name: bad})
        assert answer.status_code in (302, 422), name
        assert "<script>alert" not in answer.content.decode()
    for issue in Issue.objects.all():
        page = client.post("/track/", {"number": issue.number, "code": tracking_code(issue)}, follow=True)
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


# --- sent twice ------------------------------------------------------------------------------------------------------


def test_sent_twice_is_one_issue_with_the_same_number_and_code(d):
    one, two = Client(), Client()
    key = key_of(one.get("/submit/"))
    pages = []
    for client in (one, one, two):
        assert send(client, key=key, files=[photo()]).status_code == 302
        pages.append(words(client.get("/submit/done/")))
    assert Issue.objects.count() == Attachment.objects.count() == 1
    assert len(set(pages)) == 1
    assert tracking_code(Issue.objects.get()) not in str(IdempotentAnswer.objects.get().answer)


def test_control_without_the_key_there_would_be_two(d, client):
    send(client, key="")
    send(client, key="")
    assert Issue.objects.count() == 2


def test_the_same_form_with_other_words_is_asked_about_first(d, client):
    key = key_of(client.get("/submit/"))
    send(client, key=key)
    answer = send(client, key=key, title="另一件事")
    assert answer.status_code == 409
    assert "已经提交过" in words(answer)
    assert 'value="另一件事"' in answer.content.decode()
    assert Issue.objects.count() == 1
    assert send(client, key=key_of(answer), title="另一件事").status_code == 302
    assert Issue.objects.count() == 2


def test_a_key_whose_try_failed_can_be_used_again(d, client):
    key = key_of(client.get("/submit/"))
    assert send(client, key=key, email="x@").status_code == 422
    assert send(client, key=key).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_sent_eight_times_at_once_is_one_issue(transactional_db):
    from deadlines.defaults import ensure_defaults

    ensure_defaults()
    key, answers = key_of(Client().get("/submit/")), []

    def one() -> None:
        answers.append(send(Client(), key=key).status_code)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 8
    assert Issue.objects.count() == 1


# --- files that were chosen before a mistake --------------------------------------------------------------------------


def test_files_need_not_be_chosen_again_after_a_mistake(d, client):
    key = key_of(client.get("/submit/"))
    answer = send(client, key=key, phone="", files=[photo(), photo("表.csv", "a,b\n")])
    assert answer.status_code == 422
    assert "现场.txt" in words(answer)
    again = {"key": key, "kept": value_of(answer, "kept")}
    drop = answer.content.decode().split('name="drop" value="')[2].split('"')[0]
    assert send(client, **again, drop=drop).status_code == 302
    assert [one.name for one in Attachment.objects.all()] == ["现场.txt"]


def test_a_list_of_files_holds_only_for_its_own_form(d, client):
    answer = send(client, key=key_of(client.get("/submit/")), phone="", files=[photo()])
    kept = value_of(answer, "kept")
    assert send(client, key=key_of(client.get("/submit/")), kept=kept).status_code == 302
    assert send(client, key=key_of(client.get("/submit/")), kept="x" + kept).status_code == 302
    assert not Attachment.objects.exists()


def test_a_bad_file_is_named_and_stops_all(d, client):
    answer = send(client, files=[photo(), SimpleUploadedFile("程序.exe", b"MZ\x90")])
    assert answer.status_code == 422
    assert "程序.exe" in words(answer)
    assert not Issue.objects.exists()
    assert send(client, files=[photo(f"{n}.txt", str(n)) for n in range(11)]).status_code == 422


# --- who may, and how often -------------------------------------------------------------------------------------------


def test_too_many_are_told_to_wait_and_lose_nothing(d, client, settings, one_minute):
    settings.SUBMIT_PER_MINUTE = 2
    for _n in range(2):
        assert send(client).status_code == 302
    answer = send(client, title="第三件", text="写了很久的情况")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert 'value="第三件"' in answer.content.decode()
    assert "写了很久的情况" in words(answer)
    assert Issue.objects.count() == 2
    assert send(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302  # another address is free


def test_a_form_of_another_site_is_refused(d):
    assert send(Client(enforce_csrf_checks=True)).status_code == 403
    assert not Issue.objects.exists()


def test_number_and_code_are_shown_in_this_browser_only_and_not_for_long(d, client, monkeypatch):
    send(client)
    assert client.get("/submit/done/").status_code == 200
    assert Client().get("/submit/done/")["Location"] == "/track/"
    now = memory.time.time()
    monkeypatch.setattr(memory.time, "time", lambda: now + 31 * 60)
    assert client.get("/submit/done/")["Location"] == "/track/"


def test_whoever_sits_at_a_strange_computer_closes_it(d, client):
    send(client)
    issue = Issue.objects.get()
    assert client.get(f"/track/{issue.number}/").status_code == 200
    client.post(f"/track/{issue.number}/close/")
    assert client.get("/submit/done/").status_code == 302
    assert client.get(f"/track/{issue.number}/").status_code == 302


def test_an_enterprise_with_an_account_speaks_for_itself(d):
    client = browser(d.enterprise)
    page = client.get("/submit/").content.decode()
    assert 'name="enterprise"' not in page
    assert f'value="{d.enterprise.user.name}"' in page
    send(client)
    assert Issue.objects.get().enterprise == d.firm


def test_staff_are_led_to_the_page_that_says_on_whose_behalf(d):
    client = browser(d.specialist)
    assert client.get("/submit/")["Location"] == "/app/issues/new/"
    assert send(client).status_code == 302
    assert not Issue.objects.exists()
    assert FORM["title"]
