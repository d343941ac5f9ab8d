"""The pages of the calendar and the limits."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from common import clock as wall
from deadlines import calendar
from deadlines.models import CalendarVersion, Clock, TimeRule
from tests.deadlines.conftest import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plugged")]

NOW = at("2026-12-21T10:00")
PASTED = """# 国务院办公厅关于2027年部分节假日安排
2027-01-01 至 2027-01-03 休 元旦
2027-02-05 至 2027-02-12 休 春节
２０２７-02-20 班 春节
2027-1-31 补班 春节
2027-04-05 休 清明节
2027-05-01..2027-05-03 休 劳动节
2027-06-09 休 端午节
2027-09-15 休 中秋节
2027-10-01~2027-10-07 休 国庆节
"""


@pytest.fixture(autouse=True)
def _december():
    with wall.at(NOW):
        yield


@pytest.fixture
def as_admin(client: Client, cast) -> Client:
    client.force_login(cast.admin.user)
    return client


@pytest.fixture
def as_officer(cast) -> Client:
    client = Client()
    client.force_login(cast.officer.user)
    return client


def test_all_of_the_staff_read_the_calendar(as_officer):
    page = as_officer.get(reverse("deadlines:calendar"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "248" in text
    assert "2 月 14" in text or "2月14日" in text
    assert reverse("deadlines:propose_calendar") not in text
    assert as_officer.get(reverse("deadlines:rules")).status_code == 200


def test_a_year_that_is_not_announced_says_so(as_officer):
    page = as_officer.get(reverse("deadlines:calendar"), {"year": "2027"})
    assert page.context["provisional"]
    assert "2027 年为暂定" in page.content.decode()


@pytest.mark.parametrize("year", ["", "x", "0001", "9999", "２０２６", "-1", "20260"])
def test_any_year_in_the_address_shows_a_page(as_officer, year):
    assert as_officer.get(reverse("deadlines:calendar"), {"year": year}).status_code == 200


def test_only_the_system_administrator_changes_anything(as_officer, as_admin):
    as_admin.post(reverse("deadlines:propose_calendar"), {"days": PASTED, "year": "2027"})
    assert as_officer.get(reverse("deadlines:propose_calendar")).status_code == 403
    assert as_officer.post(reverse("deadlines:propose_calendar"), {"days": PASTED}).status_code == 403
    assert as_officer.get(reverse("deadlines:what_if", args=[2])).status_code == 404
    assert as_officer.post(reverse("deadlines:apply_calendar", args=[2])).status_code == 404
    limit = reverse("deadlines:replace_rule", args=["feedback", "-"])
    assert as_officer.post(limit, {"amount": 9, "unit": "wd", "valid_from": "2027-01-01"}).status_code == 403
    assert TimeRule.objects.filter(kind="feedback").count() == 1


def test_an_announcement_is_pasted_looked_at_and_confirmed(as_admin, start):
    clock = start("resolution", "2026-12-20T10:00", case="complex")
    sent = as_admin.post(
        reverse("deadlines:propose_calendar"), {"days": PASTED, "year": "2027", "note": "国办发明电〔2026〕7号"}
    )
    assert sent.status_code == 302
    page = as_admin.get(sent.url)
    assert page.context["moves"]["total"] == 1
    assert page.context["missing"] == []
    assert clock.subject_ref in page.content.decode()
    assert calendar.current().number == 1
    done = as_admin.post(reverse("deadlines:apply_calendar", args=[2]), follow=True)
    assert "第 2 版已启用，1 个时限已调整" in done.content.decode()
    moved = Clock.objects.get(pk=clock.pk)
    assert (moved.due_at, moved.provisional) == (at("2027-01-31T18:00"), False)
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"propose_calendar", "apply_calendar"}
    assert as_admin.get(reverse("deadlines:what_if", args=[2])).status_code == 302
    assert as_admin.post(reverse("deadlines:apply_calendar", args=[2])).status_code == 409


def test_a_forgotten_holiday_is_pointed_out(as_admin):
    sent = as_admin.post(
        reverse("deadlines:propose_calendar"),
        {"days": PASTED.replace("2027-06-09 休 端午节\n", ""), "year": "2027"},
    )
    assert "2027年6月9日" in as_admin.get(sent.url).content.decode()


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-30 休",
        "2027-02-05 玩",
        "春节",
        "2027-02-05 至 2027-01-01 休",
        "2027-01-01 至 2027-12-31 休",
        "2027-02-05",
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_saved(as_admin, line):
    page = as_admin.post(reverse("deadlines:propose_calendar"), {"days": f"2027-01-01 休 元旦\n{line}"})
    assert page.status_code == 422
    assert "第 2 行无法识别" in page.content.decode()
    assert line in page.content.decode()  # what was typed is still there
    assert CalendarVersion.objects.count() == 1


def test_a_day_that_was_taken_back(as_admin):
    for days in ("2026-12-24 休 雪灾", "2026-12-24 撤"):
        sent = as_admin.post(reverse("deadlines:propose_calendar"), {"days": days})
        number = int(sent.url.rstrip("/").rsplit("/", 1)[1])
        as_admin.post(reverse("deadlines:apply_calendar", args=[number]))
    assert calendar.current().number == 3
    assert calendar.current().is_working(at("2026-12-24T00:00").date())


def test_a_stale_draft_offers_no_button(as_admin):
    for days in ("2026-12-24 休 雪灾", "2026-12-25 休 雪灾"):
        as_admin.post(reverse("deadlines:propose_calendar"), {"days": days})
    as_admin.post(reverse("deadlines:apply_calendar", args=[3]))
    page = as_admin.get(reverse("deadlines:what_if", args=[2]))
    assert reverse("deadlines:apply_calendar", args=[2]) not in page.content.decode()


def test_a_limit_is_replaced_for_what_starts_from_then_on(as_admin):
    limit = reverse("deadlines:replace_rule", args=["signing", "urgent"])
    assert as_admin.get(limit).context["form"].initial["amount"] == 2
    assert as_admin.post(limit, {"amount": 4, "unit": "wh", "valid_from": "2026-12-20"}).status_code == 422
    assert as_admin.post(limit, {"amount": 4, "unit": "wh", "valid_from": "2027-01-01"}).status_code == 302
    page = as_admin.get(reverse("deadlines:rules")).content.decode()
    assert "2 个工作小时" in page
    assert "2027年1月1日：4 个工作小时" in page
    assert as_admin.get(reverse("deadlines:replace_rule", args=["signing", "nothing"])).status_code == 404


def test_strangers_and_enterprises_see_no_calendar(client, make_person, cast):
    assert client.get(reverse("deadlines:calendar")).status_code == 302
