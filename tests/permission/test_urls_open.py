"""Every address that needs no sign-in, as everybody (see ``urls_open``); and that the tables leave no address out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import Resolver404, get_resolver, path
from django.views import View
from django.views.decorators.http import require_http_methods

from tests.permission import (
    probe,
    urls_api,
    urls_api_projects,
    urls_life,
    urls_lists,
    urls_loop,
    urls_open,
    urls_staff,
    urls_work,
)

pytestmark = pytest.mark.django_db
OPEN = probe.read(urls_open.TABLE, urls_open.HEAD)
SHORT = probe.read(urls_open.SHORT, urls_open.SHORT_HEAD)
STAFF = probe.read(urls_staff.TABLE, urls_staff.HEAD)
LOOP = probe.read(urls_loop.TABLE, urls_loop.HEAD)
API = [
    *probe.read(urls_api.TABLE, urls_api.HEAD),
    *probe.read(urls_api_projects.TABLE, urls_api_projects.HEAD),
]
LIFE = probe.read(urls_life.TABLE, urls_life.HEAD)
LISTS = probe.read(urls_lists.TABLE, urls_lists.HEAD)
WORK = probe.read(urls_work.TABLE, urls_work.HEAD)
ROWS = [*OPEN, *SHORT, *STAFF, *LOOP, *API, *LIFE, *LISTS, *WORK]
# What the interface has no address for.
REST = "api/v1/"
# Django's own, which takes any method, and what answers 404 to all.
TAKES_ANY = {"language/", REST}


@pytest.mark.parametrize("row", OPEN, ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_open.HEAD) == row.cells, urls_open.HEAD


@pytest.mark.parametrize("row", SHORT, ids=str)
def test_who_may_what_is_nobodys(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_open.SHORT_HEAD) == row.cells, urls_open.SHORT_HEAD


def told(asked: probe.Probe, rows: list[probe.Row]) -> tuple[dict[str, set[str]], list[str]]:
    """Pattern → methods that have a row; and the rows that no pattern answers."""
    found: dict[str, set[str]] = {}
    lost = []
    for row in rows:
        try:
            route = probe.route_of(row.path.format(**asked.names))
        except Resolver404:
            lost.append(str(row))
            continue
        if route == REST and "nowhere" not in row.address:
            lost.append(str(row))
        found.setdefault(route, set()).add(row.method)
    return found, lost


def test_every_pattern_has_a_row_and_every_row_a_pattern(asked) -> None:
    found, lost = told(asked, ROWS)
    assert lost == []
    assert [route for route in probe.routes() if route not in found] == []
    # A resolver that finds none would prove nothing.
    assert len(found) == len(set(probe.routes())) > 220
    assert len({(row.method, row.address) for row in ROWS}) == len(ROWS)


def test_an_address_without_a_row_and_a_row_without_an_address_are_found(asked) -> None:
    """The control of the test above."""
    found, _ = told(asked, ROWS)
    more = [*get_resolver().url_patterns, path("app/invented/", lambda request: HttpResponse())]
    assert [route for route in probe.routes(more) if route not in found] == ["app/invented/"]
    gone = [probe.Row("GET", "/app/invented/", ""), probe.Row("GET", "/api/v1/invented/", "")]
    assert told(asked, gone)[1] == ["GET /app/invented/", "GET /api/v1/invented/"]


def without_row(found: dict[str, set[str]], views: Iterable[tuple[str, Any]]) -> list[str]:
    return [
        f"{method} {route}"
        for route, view in views
        for method in sorted(probe.accepted(view) - found.get(route, set()))
    ]


def test_every_method_that_a_view_takes_has_a_row(asked) -> None:
    found, _ = told(asked, ROWS)
    assert without_row(found, probe.views()) == []
    assert {route for route, view in probe.views() if not probe.accepted(view)} == TAKES_ANY


def test_a_method_without_a_row_is_found(asked) -> None:
    """The control of the test above: of a function, of a class, and of a row that was lost."""
    view = require_http_methods(["GET", "HEAD", "POST"])(lambda request: HttpResponse())
    more = [("app/issues/", view), ("app/issues/", View.as_view())]
    found, _ = told(asked, ROWS)
    assert without_row(found, more) == ["POST app/issues/"]
    found, _ = told(asked, [row for row in ROWS if str(row) != "DELETE /api/v1/tokens/{token}/"])
    assert [one.split()[0] for one in without_row(found, probe.views())] == ["DELETE"]


def test_what_has_no_row_answers_to_nobody(asked) -> None:
    """No address does anything by a method that the tables leave out. (The sign-in's take others as a POST.)"""
    found, _ = told(asked, [*OPEN, *STAFF, *LOOP, *API, *LIFE, *LISTS, *WORK])
    first = {probe.route_of(row.path.format(**asked.names)): row.address for row in ROWS}
    done = []
    for route, methods in found.items():
        for method in probe.METHODS:
            if method not in methods and asked.cells(method, first[route], "C") not in ("3", "4", "5"):
                done.append(f"{method} {first[route]}")
    assert "; ".join(done) == ""


def test_every_table_has_all_roles_and_pairs() -> None:
    assert (
        urls_staff.HEAD
        == urls_life.HEAD
        == urls_lists.HEAD
        == urls_work.HEAD
        == urls_loop.HEAD
        == urls_open.HEAD
        == probe.HEAD
    )
    assert urls_api.HEAD == urls_api_projects.HEAD == probe.HEAD + probe.KEYS
    assert set("-nefwsohvlkCSDTA123qryjpb") <= set(probe.HEAD)
    assert sum(len(row.cells) for row in ROWS) > 7600


@pytest.mark.parametrize("sign", "-oC")
def test_a_wrong_cell_is_found(asked, sign) -> None:
    """The control of the cells: what one may and another may not is not told alike."""
    wanted = {"-": "L", "o": "3", "C": "+"}[sign]
    assert asked.cells("GET", "/app/triage/", sign) == wanted


def test_an_open_door_is_found(asked) -> None:
    """The control of all of it: a policy that lets everybody do everything fills the row with ``+``."""
    from unittest.mock import patch

    with patch("issues.policy.right", return_value=object()), patch("issues.policy.can", return_value=True):
        cells = asked.cells("GET", "/app/issues/{own}/reassign/", "oC")
    assert cells == "++"
    assert asked.cells("GET", "/app/issues/{own}/reassign/", "oC") == "3+"
