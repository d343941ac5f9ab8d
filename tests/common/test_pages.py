"""Keyset pages: walking either way shows every row once, whatever the order, the ties and the empty values."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from common.pages import Page, count_to, keyset, pager

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = [
    ["id"],
    ["-date_joined", "-id"],
    ["date_joined", "id"],
    ["-date_joined", "id"],
    ["last_login", "id"],
    ["-last_login", "-id"],
    ["last_login", "-name", "id"],
    ["is_active", "-last_login", "id"],
]
person = st.tuples(
    st.integers(0, 3),  # joined on one of four days: many ties
    st.one_of(st.none(), st.integers(0, 3)),  # last seen, perhaps never
    st.booleans(),
    st.sampled_from(["甲", "乙", "o'neill", ""]),
)


def fill(people: list[tuple[int, int | None, bool, str]]) -> None:
    User.objects.bulk_create(
        User(
            username=f"u{number}",
            name=name,
            is_active=active,
            date_joined=EPOCH + timedelta(days=joined),
            last_login=None if seen is None else EPOCH + timedelta(days=seen, microseconds=7),
        )
        for number, (joined, seen, active, name) in enumerate(people)
    )


def walk(order: list[str], size: int) -> tuple[list[int], list[Page]]:
    pages = [keyset(User.objects.all(), order, None, size)]
    while pages[-1].next:
        pages.append(keyset(User.objects.all(), order, pages[-1].next, size))
    return [row.pk for page in pages for row in page.rows], pages


class Walk(TestCase):
    @settings(max_examples=120, deadline=None)
    @given(st.lists(person, max_size=17), st.sampled_from(ORDERS), st.integers(1, 6))
    def test_every_row_once_forward_and_back(self, people: list, order: list[str], size: int) -> None:
        fill(people)
        expected = list(User.objects.order_by(*order).values_list("pk", flat=True))
        forward, pages = walk(order, size)
        assert forward == expected
        assert pages[0].previous is None
        page, seen = pages[-1], [row.pk for row in pages[-1].rows]
        for there in reversed(pages[:-1]):
            page = keyset(User.objects.all(), order, page.previous, size)
            assert page.rows == there.rows
            seen = [row.pk for row in page.rows] + seen
        assert seen == expected
        assert page.previous is None


@pytest.mark.django_db
def test_a_row_that_comes_in_is_not_skipped_and_shifts_nothing() -> None:
    fill([(2, None, True, "x")] * 6)
    first = keyset(User.objects.all(), ["-date_joined", "-id"], None, 3)
    fill_one = User.objects.create(username="late", name="新", date_joined=EPOCH + timedelta(days=9))
    second = keyset(User.objects.all(), ["-date_joined", "-id"], first.next, 3)
    assert {row.pk for row in first.rows} & {row.pk for row in second.rows} == set()
    back = keyset(User.objects.all(), ["-date_joined", "-id"], second.previous, 3)
    assert back.rows == first.rows
    newest = keyset(User.objects.all(), ["-date_joined", "-id"], back.previous, 3)
    assert newest.rows[0] == fill_one
    assert len(newest.rows) == 3  # not a page of one row


@pytest.mark.django_db
def test_offset_would_show_a_row_twice() -> None:
    """The control: the same walk with OFFSET repeats a row when another comes in before it."""
    fill([(2, None, True, "x")] * 6)
    ordered = User.objects.order_by("-date_joined", "-id")
    first = list(ordered[:3])
    User.objects.create(username="late", name="新", date_joined=EPOCH + timedelta(days=9))
    assert first[-1] in list(ordered[3:6])


@pytest.mark.django_db
def test_rows_may_be_dicts_and_reach_across_relations() -> None:
    fill([(1, 1, True, "x")] * 3)
    rows = User.objects.values("pk", "name")
    page = keyset(rows, ["name", "pk"], None, 2)
    assert len(page.rows) == 2
    assert len(keyset(rows, ["name", "pk"], page.next, 2).rows) == 1


@pytest.mark.django_db
def test_one_direction_without_empty_values_is_a_row_comparison() -> None:
    fill([(1, 1, True, "x")] * 3)
    order = ["-date_joined", "-id"]
    page = keyset(User.objects.all(), order, None, 2)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        keyset(User.objects.all(), order, page.next, 2)
    assert len(queries) == 1
    sql = queries[0]["sql"]
    assert '("accounts_user"."date_joined", "accounts_user"."id") <' in sql
    assert "OFFSET" not in sql


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["x", "x:y", "W10:abc", "\x00", "堃", "a" * 5000])
def test_a_foreign_cursor_is_refused(bad: str) -> None:
    with pytest.raises(ValidationError):
        keyset(User.objects.all(), ["id"], bad, 5)


@pytest.mark.django_db
def test_a_cursor_of_another_order_is_refused() -> None:
    fill([(1, 1, True, "x")] * 3)
    cursor = keyset(User.objects.all(), ["date_joined", "id"], None, 1).next
    assert cursor
    with pytest.raises(ValidationError):
        keyset(User.objects.all(), ["name", "id"], cursor, 1)


@pytest.mark.django_db
def test_count_stops() -> None:
    fill([(1, 1, True, "x")] * 5)
    assert count_to(User.objects.all(), 10) == (5, False)
    assert count_to(User.objects.all(), 5) == (5, False)
    assert count_to(User.objects.all(), 4) == (4, True)


def test_the_pager_keeps_the_filters() -> None:
    request = RequestFactory().get("/app/units/", {"q": "住建", "cursor": "old"})
    links = pager(request, Page([], next="new:1"))
    assert links["previous"] == ""
    assert links["next"] == "/app/units/?q=%E4%BD%8F%E5%BB%BA&cursor=new%3A1"
