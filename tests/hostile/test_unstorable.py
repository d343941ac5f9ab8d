"""What no database holds, NUL and lone surrogates, is refused beside its field in Chinese, and what was typed stays."""

from __future__ import annotations

import io
import json
import logging

import pytest
from django.conf import settings as project
from structlog.stdlib import ProcessorFormatter

from issues.models import Issue
from tests.hostile import corpus
from tests.hostile.drive import ADDRESSES, quoted

BODY = {"title": "题目", "text": "情况", "channel": "web_form", "contact": {"name": "顾工", "phone": "13800000001"}}


@pytest.mark.parametrize("bad", corpus.UNSTORABLE, ids=ascii)
@pytest.mark.parametrize("field", ["title", "text", "place", "enterprise", "contact.name"])
def test_the_api_names_the_field(driver, bad, field):
    name, _, below = field.partition(".")
    body = {**BODY, name: {**BODY["contact"], below: bad} if below else bad}
    answer = driver.guest.post("/api/v1/issues/", json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert "字符" in answer.json()["errors"][field][0]
    assert not Issue.objects.exists()


@pytest.mark.parametrize("field", ["title", "text", "name", "enterprise", "place", "email"])
def test_the_form_says_so_beside_the_field_and_keeps_the_rest(driver, field):
    answer = driver._post("/submit/", **{"text": "写了很久的情况", field: "题\x00目"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page
    assert "写了很久的情况" in page or field == "text"
    assert not Issue.objects.exists()


@pytest.mark.parametrize("bad", corpus.UNSTORABLE, ids=ascii)
def test_addresses_and_searches_with_it_are_answered(driver, bad):
    paths = [*ADDRESSES, ("staff", "/app/issues/?q={}"), ("staff", "/api/v1/issues/?q={}"), ("guest", "/rate/{0}/{0}/")]
    for who, path in paths:
        answer = getattr(driver, who).get(path.format(quoted(bad)))
        assert answer.status_code in (200, 302, 400, 404), (path, answer.status_code)


def test_an_address_of_the_api_with_a_line_break_is_answered_by_the_api(driver):
    answer = driver.staff.get("/api/v1/nothing/%0A/here")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_words_that_stand_in_two_lines_are_found(driver):
    driver.d.submit(title="厂区\n停水")
    (found,) = driver.staff.get(f"/api/v1/issues/?q={quoted('厂区停水')}").json()["results"]
    assert found["title"] == "厂区\n停水"


def lines_of(formatter: logging.Formatter, words: str) -> list[str]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("tests.hostile")
    logger.addHandler(handler)
    try:
        logger.warning("Not Found: %s", words)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue().removesuffix("\n").split("\n")


def test_a_record_is_one_line_whatever_is_in_it():
    configured = {name: value for name, value in project.LOGGING["formatters"]["json"].items() if name != "()"}
    for words in [*corpus.LINES, *corpus.CONTROL, *corpus.WRITING]:
        (line,) = lines_of(ProcessorFormatter(**configured), words)
        assert json.loads(line)["event"] == f"Not Found: {words}"


def test_control_a_plain_formatter_writes_forged_lines():
    assert len(lines_of(logging.Formatter(), corpus.LINES[3])) == 2
