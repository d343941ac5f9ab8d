"""The list: filters in the address, light ranges, pages by key, what a filter must not tell, exports, bulk acts."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from common import clock
from issues import filters
from issues.models import Issue
from tests.issues.pages import browser, queries, text_of

LIST = "/app/issues/"


def numbers(client, query=""):
    body = client.get(f"{LIST}{query}").content.decode()
    return {issue.number for issue in Issue.objects.all() if f'value="{issue.number}" data-pick' in body}


def found(d, actor, **params):
    from django.http import QueryDict

    query = QueryDict(mutable=True)
    query.update(params)
    return set(filters.find(query, actor, clock.now()).rows.values_list("number", flat=True))


def test_open_ones_come_by_default_and_the_state_stands_in_the_address(d):
    at_work, new, over = d.signed(), d.submit(), d.submit()
    d.do("decline", over, d.coordinator, reason="out_of_scope", text="请向信访反映")
    client = browser(d.coordinator)
    assert numbers(client) == {at_work.number, new.number}
    assert numbers(client, "?state=submitted") == {new.number}
    assert numbers(client, "?state=ended") == {over.number}
    assert numbers(client, "?state=all") == {at_work.number, new.number, over.number}
    assert numbers(client, "?state=nonsense") == set()


def test_the_light_filters_are_the_ranges_of_the_instants(d):
    issue = d.signed()  # first feedback due on Thursday 18:00
    cases = [
        (datetime(2026, 3, 3, 2, tzinfo=UTC), "green"),
        (datetime(2026, 3, 4, 2, tzinfo=UTC), "yellow"),
        (datetime(2026, 3, 6, 2, tzinfo=UTC), "yellow"),
        (datetime(2026, 3, 10, 11, tzinfo=UTC), "red"),
    ]
    for at, colour in cases:
        with clock.at(at):
            for light in ("green", "yellow", "red"):
                assert (found(d, d.coordinator, light=light) == {issue.number}) is (light == colour), (at, light)
            assert (found(d, d.coordinator, light="late") == {issue.number}) is (colour != "green")


def test_what_is_being_rated_has_no_light(d):
    issue = d.rating()
    assert found(d, d.coordinator) == {issue.number}
    for light in ("green", "yellow", "red", "late"):
        assert found(d, d.coordinator, light=light) == set()


def test_due_within_the_week_and_the_month(d):
    issue = d.signed()  # Monday 2 March; first feedback due on Thursday
    other = d.submit(title="另一件")  # acceptance due on Tuesday
    assert found(d, d.coordinator, due="today") == set()
    assert found(d, d.coordinator, due="week") == {issue.number, other.number}
    with clock.at(datetime(2026, 3, 5, 2, tzinfo=UTC)):
        assert found(d, d.coordinator, due="past") == {other.number}
        assert found(d, d.coordinator, due="today") == {issue.number, other.number}
    assert found(d, d.coordinator, month="2026-03") == {issue.number, other.number}
    assert found(d, d.coordinator, month="2026-02") == set()
    assert found(d, d.coordinator, month="nonsense") == set()


def test_two_character_words_are_found_and_ended_ones_with_them(d):
    issue = d.submit(title="厂区供水压力不足")
    d.do("withdraw", issue, d.submitter(issue), reason="已解决")
    assert found(d, d.coordinator, q="供水") == {issue.number}
    assert found(d, d.coordinator, q="供电") == set()
    assert found(d, d.coordinator, q=issue.number) == {issue.number}
    assert found(d, d.coordinator, q="%") == set()


def test_nobody_finds_the_enterprise_of_an_anonymous_issue(d):
    plain = d.assign(d.submit(actor=d.enterprise))
    hidden = d.assign(d.submit(actor=d.enterprise, confidentiality="anonymous"))
    assert found(d, d.coordinator, enterprise=d.firm.uscc) == {plain.number, hidden.number}
    assert found(d, d.officer, enterprise=d.firm.uscc) == {plain.number}
    body = browser(d.officer).get(LIST).content.decode()
    assert body.count("禾曦食品") == 1
    assert browser(d.coordinator).get(LIST).content.decode().count("禾曦食品") == 2


def test_a_unit_sees_only_its_own(d):
    own, other = d.signed(), d.assign(d.submit(), unit="CGJ")
    assert numbers(browser(d.officer)) == {own.number}
    assert numbers(browser(d.city_officer)) == {other.number}
    assert numbers(browser(d.other_leader)) == set()
    assert found(d, d.officer, unit="CGJ") == set()


def test_enterprises_are_led_to_their_own_page(d):
    d.submit()
    answer = browser(d.enterprise).get(LIST)
    assert answer.status_code == 302
    assert answer["Location"] == "/app/corner/"


@pytest.mark.parametrize("order", ["newest", "due", "red"])
def test_pages_by_key_show_every_row_once_in_every_order(d, monkeypatch, order):
    monkeypatch.setattr("issues.views.listing.PAGE", 2)
    wanted = set()
    for n in range(5):
        with d.later(days=n):
            wanted.add(d.submit(title=f"第{n}件").number)
    client, path, seen = browser(d.coordinator), f"{LIST}?order={order}", []
    for _page in range(3):
        answer = client.get(path)
        seen += [row["number"] for row in answer.context["rows"]]
        path = answer.context["pager"]["next"]
    assert path == ""
    assert sorted(seen) == sorted(wanted)


def test_the_list_costs_the_same_few_queries_at_any_length(d):
    d.signed()
    client = browser(d.coordinator)
    few = queries(client, LIST)
    for n in range(8):
        d.submit(title=f"第{n}件")
    assert queries(client, LIST) == few <= 12


def test_the_totals_row_counts_what_the_filter_finds(d):
    d.signed()
    d.submit()
    with clock.at(datetime(2026, 3, 4, 2, tzinfo=UTC)):
        words = text_of(browser(d.coordinator).get(LIST))
    assert "2 件：红灯 0，黄灯 2；第二层以上 0 件" in words


# --- export ----------------------------------------------------------------------------------------------------------


def test_the_workbook_holds_the_filtered_rows_as_text_and_leaves_a_trace(d):
    d.submit(title='=HYPERLINK("http://evil.example";"点我")')
    d.submit(title="+86 电话打不通\x0b", confidentiality="anonymous", actor=d.enterprise)
    d.assign(d.submit(title="别处的"), unit="CGJ")
    answer = browser(d.coordinator).get(reverse("issues:export", args=["xlsx"]) + "?state=submitted")
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=False))
    assert len(rows) == 3
    assert all(cell.data_type == "s" or cell.value is None for row in rows for cell in row)
    titles = {row[2].value for row in rows}
    assert """'=HYPERLINK("http://evil.example";"点我")""" in titles
    entry = AuditEntry.objects.get(act="export")
    assert (entry.detail["rows"], entry.object_ref) == (2, "xlsx")


def test_the_csv_opens_as_chinese_and_hides_what_the_reader_may_not_know(d):
    d.assign(d.submit(actor=d.enterprise, confidentiality="anonymous", title="@SUM(A1)"))
    path = reverse("issues:export", args=["csv"])
    for actor, knows in ((d.coordinator, True), (d.officer, False)):
        data = browser(actor).get(path).content
        assert data.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert rows[1][2] == "'@SUM(A1)"
        assert ("禾曦食品" in rows[1]) is knows
    assert browser(d.coordinator).get(reverse("issues:export", args=["exe"])).status_code == 404


# --- bulk ------------------------------------------------------------------------------------------------------------


def bulk(client, do, issues, **more):
    return client.post(reverse("issues:bulk"), {"do": do, "id": [issue.number for issue in issues], **more})


def test_bulk_assign_lists_the_effects_first_and_then_acts_row_by_row(d):
    one, two, done = d.submit(), d.submit(), d.signed()
    client = browser(d.coordinator)
    answer = bulk(client, "assign", [one, two, done])
    words = text_of(answer)
    assert words.count("将交办") == 2
    assert "现为“办理中”" in words
    assert Issue.objects.filter(state="submitted").count() == 2  # nothing has happened yet
    fields = {"confirm": "1", "category": "供水", "unit": "SWJ", "urgency": "normal", "difficulty": "simple"}
    missing = bulk(client, "assign", [one, two], item=[f"{one.number}:{one.version}"], **(fields | {"unit": ""}))
    assert missing.status_code == 422
    # the second one moved on since the effects were shown
    d.do("return", two, d.coordinator, text="缺地址")
    d.do("supplement", two, d.submitter(two), text="补了地址")
    items = [f"{issue.number}:1" for issue in (one, two, done)]
    answer = bulk(client, "assign", [one, two, done], item=items, **fields)
    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.state, two.state) == ("assigned", "submitted")
    assert "已办 1 件" in text_of(answer)
    assert one.number in text_of(answer)


def test_bulk_remind_and_who_may_not(d):
    issue = d.signed()
    client = browser(d.coordinator)
    assert "将提醒承办人员" in text_of(bulk(client, "remind", [issue]))
    answer = bulk(client, "remind", [issue], confirm="1", item=[f"{issue.number}:{issue.version}"])
    assert "已催办" in text_of(answer)
    again = bulk(client, "remind", [issue], confirm="1", item=[f"{issue.number}:{issue.version}"])
    assert "今天已经催办过" in text_of(again)
    refused = text_of(bulk(browser(d.officer), "remind", [issue]))
    assert "您无权催办" in refused
    assert bulk(client, "nonsense", [issue]).status_code == 400
    assert client.get(reverse("issues:bulk")).status_code in (404, 405)


def test_bulk_never_touches_what_is_not_there_for_the_actor(d):
    issue = d.assign(d.submit(), unit="CGJ")
    answer = bulk(browser(d.officer), "export", [issue])
    assert answer.status_code == 302  # nothing was picked that is there
    assert not AuditEntry.objects.filter(act="export").exists()


def test_all_that_the_filter_finds_can_be_picked_without_a_thousand_boxes(d):
    one, two = d.submit(), d.submit()
    d.signed()
    client = browser(d.coordinator)
    body = client.get(f"{LIST}?state=submitted&pick=all").content.decode()
    assert 'name="all" value="1"' in body
    answer = client.post(reverse("issues:bulk") + "?state=submitted&pick=all", {"do": "remind", "all": "1"})
    words = text_of(answer)
    assert one.number in words
    assert two.number in words
    assert len(answer.context["rows"]) == 2
