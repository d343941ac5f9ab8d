"""Submitting through the staff pages, and the master data."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEntry, User
from documents.models import Attachment
from issues.models import Category, Issue
from issues.services import tracking_code
from tests.issues.pages import act, browser, page, text_of

NEW = "/app/issues/new/"
GIVEN = {
    "title": "园区五号路照明未通",
    "text": "货车夜间进出不便",
    "kind": "issue",
    "channel": "visit",
    "urgency": "normal",
    "confidentiality": "normal",
    "contact_name": "顾工",
    "contact_phone": "13800000001",
    "contact_email": "gu@example.test",
}


def test_on_behalf_the_number_is_shown_and_the_code_to_nobody(d):
    client = browser(d.specialist)
    paper = SimpleUploadedFile("照片说明.txt", "路灯".encode(), content_type="text/plain")
    answer = client.post(NEW, {**GIVEN, "enterprise": d.firm.uscc, "files": [paper]}, follow=True)
    issue = Issue.objects.get()
    assert (issue.on_behalf, issue.enterprise_id, issue.channel) == (True, d.firm.pk, "visit")
    body = answer.content.decode()
    assert issue.number in body
    assert tracking_code(issue) not in body
    assert tracking_code(issue) not in client.get(page(issue)).content.decode()
    assert Attachment.objects.get().public
    # whoever typed it in is no submitter: only the enterprise withdraws
    assert client.get(act(issue, "withdraw")).status_code == 403


def test_a_members_own_phone_is_refused_beside_the_field(d):
    User.objects.filter(username="specialist").update(phone="13911112222")
    answer = browser(d.specialist).post(NEW, {**GIVEN, "contact_phone": "13911112222", "title": ""})
    assert answer.status_code == 422
    answer = browser(d.specialist).post(NEW, {**GIVEN, "contact_phone": "13911112222"})
    assert answer.status_code == 422
    assert "contact_phone" in answer.context["form"].errors
    assert not Issue.objects.exists()


def test_an_enterprise_submits_for_itself_and_acts_on_it(d):
    client = browser(d.enterprise)
    fields = {key: value for key, value in GIVEN.items() if key != "channel"}
    answer = client.post(NEW, fields, follow=True)
    issue = Issue.objects.get()
    assert (issue.enterprise_id, issue.on_behalf, issue.channel) == (d.firm.pk, False, "web_form")
    assert issue.number in text_of(answer)
    assert client.post(act(issue, "withdraw"), {"version": 1, "reason": "已自行解决"}).status_code == 302
    issue.refresh_from_db()
    assert issue.state == "withdrawn"


def test_an_enterprise_supplements_rates_and_reopens(d):
    client = browser(d.enterprise)
    issue = d.submit(actor=d.enterprise)
    d.do("return", issue, d.coordinator, text="缺地址")
    assert "缺地址" in text_of(client.get(page(issue)))
    assert client.post(act(issue, "supplement"), {"version": 2, "text": ""}).status_code == 422
    assert client.post(act(issue, "supplement"), {"version": 2, "text": "地址是五号路"}).status_code == 302
    d.assign(issue)
    d.do("sign", issue, d.officer)
    d.evidence(issue)
    d.do("propose", issue, d.officer, outcome="solved", account="已修复")
    d.do("verify", issue, d.coordinator, text="电话核实")
    issue.refresh_from_db()
    form = client.get(act(issue, "rate")).content.decode()
    assert "checked" not in form  # nothing is chosen for them
    answer = client.post(act(issue, "rate"), {"version": issue.version, "solved": "no", "satisfaction": "1"})
    assert answer.status_code == 422  # 1 needs words
    assert (
        client.post(act(issue, "rate"), {"version": issue.version, "solved": "yes", "satisfaction": "5"}).status_code
        == 302
    )
    issue.refresh_from_db()
    assert issue.state == "closed"
    assert client.post(act(issue, "reopen"), {"version": issue.version, "reason": "又停水了"}).status_code == 302
    issue.refresh_from_db()
    assert (issue.state, issue.round) == ("handling", 2)


def test_who_may_not_submit_finds_no_form(d):
    assert browser(d.auditor).get(NEW).status_code == 403
    assert browser(d.observer).get(NEW).status_code == 200


# --- categories ------------------------------------------------------------------------------------------------------


def admin(d):
    return d.person("system_admin", "system_admin", d.hall)


def test_only_the_system_administrator_keeps_categories(d):
    assert browser(d.coordinator).get("/app/categories/").status_code == 403
    client = browser(admin(d))
    assert "供水" in text_of(client.get("/app/categories/"))
    fields = {"name": "供水管网", "parent": str(d.category.pk), "unit": "SWJ", "order": "5", "active": "on"}
    assert client.post("/app/categories/new/", fields).status_code == 302
    made = Category.objects.get(name="供水管网")
    assert (made.parent_id, made.unit_id, made.order) == (d.category.pk, d.water.pk, 5)
    assert AuditEntry.objects.get(act="save_category").detail["name"] == "供水管网"
    assert client.post("/app/categories/new/", fields).status_code == 422  # the name is taken
    third = client.post("/app/categories/new/", fields | {"name": "第三级", "parent": str(made.pk)})
    assert third.status_code == 422
    path = reverse("issues:category", args=[made.pk])
    assert client.post(path, fields | {"active": ""}).status_code == 302
    made.refresh_from_db()
    assert not made.active
    issue = d.submit()
    assert "供水管网" not in browser(d.coordinator).get(act(issue, "assign")).content.decode()


def test_the_category_suggests_its_unit(d):
    Category.objects.filter(pk=d.category.pk).update(unit=d.water)
    issue = d.submit(category="供水")
    form = browser(d.coordinator).get(act(issue, "assign"))
    assert form.context["form"]["unit"].value() == "SWJ"
    assert "区水务局（按分类）" in text_of(form)
    assert "某leader" in text_of(form)  # and with the unit the leader, and why
    assert "专线“工业线”" in text_of(form)
