"""Signed out while a form was open: back to the page of the form, and told that nothing was saved."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.roles import Role
from tests.accounts import cast

pytestmark = pytest.mark.django_db
ADDRESS = "/app/investment/enter/"  # takes what is sent and shows nothing


def led_to(answer: HttpResponse) -> str:
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


def test_back_to_the_page_of_the_form_and_told(client: Client) -> None:
    page = "http://testserver/app/investment/?month=2026-02"
    answer = client.post(ADDRESS, {"month": "2026-02"}, headers={"referer": page})
    assert led_to(answer) == "/app/investment/?month=2026-02"
    assert "没有保存" in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    "page", ["", "https://elsewhere.test/app/", "http://testserver//elsewhere.test/", "no address"]
)
def test_from_elsewhere_to_the_start(client: Client, page: str) -> None:
    assert led_to(client.post(ADDRESS, headers={"referer": page} if page else {})) == "/app/"


def test_who_only_asked_for_a_page_is_told_nothing(client: Client) -> None:
    answer = client.get("/app/investment/", headers={"referer": "http://testserver/app/"})
    assert led_to(answer) == "/app/investment/"
    assert "没有保存" not in client.get(answer["Location"]).content.decode()


def test_an_address_that_only_takes_is_a_page_nevertheless(client: Client) -> None:
    client.force_login(cast.actor(Role.UNIT_OFFICER).user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "请返回填写页面重新提交" in answer.content.decode()
