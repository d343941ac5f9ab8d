"""How tests use the public pages, as a browser without an account."""

from __future__ import annotations

from html import unescape
from typing import Any

from django.test import Client
from django.utils.html import strip_tags

from issues.models import Issue
from issues.services import codes, tracking_code

FORM = {
    "title": "厂区供水压力不足",
    "text": "三车间每天下午停水两小时，影响生产。",
    "name": "顾工",
    "phone": "13800000001",
}


def words(answer: Any) -> str:
    """What a person reads, without markup."""
    body = answer.content.decode()
    return " ".join(unescape(strip_tags(body[body.index("<main") :])).split())


def key_of(answer: Any) -> str:
    return value_of(answer, "key")


def value_of(answer: Any, name: str) -> str:
    return unescape(answer.content.decode().split(f'name="{name}" value="', 1)[1].split('"', 1)[0])


def send(client: Client, path: str = "/submit/", **fields: Any) -> Any:
    return client.post(path, FORM | fields)


def opened(issue: Issue, client: Client | None = None) -> Client:
    """A browser that has shown number and code."""
    client = client or Client()
    answer = client.post("/track/", {"number": issue.number, "code": tracking_code(issue)})
    assert answer.status_code == 302, words(answer)
    return client


def seen(issue: Issue, client: Client | None = None) -> str:
    answer = opened(issue, client).get(f"/track/{issue.number}/")
    assert answer.status_code == 200
    return words(answer)


def link(issue: Issue) -> str:
    return f"/rate/{issue.number}/{codes.rating_code(issue)}/"
