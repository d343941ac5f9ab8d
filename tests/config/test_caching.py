"""What was answered to a person, a key or a code is kept by nobody; public pages to strangers stay as they are."""

import pytest
from django.test import Client

from tests.api.conftest import Api, api
from tests.cast import District, d, monday

__all__ = ["api", "d", "monday"]
KEPT_BY_NOBODY = "private, no-store"


@pytest.fixture
def browser(d: District, client: Client) -> Client:
    client.force_login(d.officer.user)
    return client


@pytest.mark.parametrize("address", ["/app/issues/", "/app/profile/", "/rankings/", "/app/issues/WT0000-000000/"])
def test_a_page_to_a_person(browser, address):
    assert browser.get(address).headers["Cache-Control"] == KEPT_BY_NOBODY


def test_a_view_that_says_more_is_left_alone(browser):
    assert "max-age=0" in browser.get("/track/").headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/rankings/", "/submit/"])
def test_a_public_page_to_a_stranger_stays_as_it_is(client, d, address):
    assert client.get(address).headers.get("Cache-Control") != KEPT_BY_NOBODY


def test_the_interface_to_a_key_a_session_and_a_code(api: Api, d, browser):
    sent = {
        "title": "供水压力不足",
        "text": "三楼无水",
        "channel": "web_form",
        "contact": {"name": "顾工", "phone": "13800000001"},
    }
    made = api.as_().post("/issues/", sent).data
    coded = api.as_(HTTP_X_TRACKING_CODE=made["tracking_code"]).get(f"/issues/{made['number']}/")
    wrong = api.as_(HTTP_AUTHORIZATION="Token nothing").get("/me/")
    assert (coded.status_code, wrong.status_code) == (200, 401)
    for answer in (api.as_("officer").get("/me/"), browser.get("/api/v1/me/"), coded, wrong):
        assert answer.headers["Cache-Control"] == KEPT_BY_NOBODY
        assert {"Authorization", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


def test_the_interface_to_a_stranger_may_be_kept_but_not_for_others(client, d):
    answer = client.get("/api/v1/verify/AAAAAAAAAAAAAAAAAAAAAA/")
    assert "Cache-Control" not in answer.headers
    assert "Authorization" in answer.headers["Vary"]
