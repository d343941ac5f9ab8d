"""What an enterprise cannot infer, what a decision answers first, and bodies and dates that are out of the ordinary."""

from __future__ import annotations

from datetime import timedelta

import pytest

from common import clock
from tests.api.conftest import Api
from tests.cast import MONDAY, District

MARCH = {"from": "2026-03-01", "to": "2026-03-31"}


def numbers(api: Api, who: str, **params: str) -> list[str]:
    answer = api.as_(who).get("/issues/", params)
    assert answer.status_code == 200, answer.data
    return [row["number"] for row in answer.data["results"]]


def test_no_light_can_be_found_by_who_is_shown_none(api: Api, d: District) -> None:
    issue = d.assign(d.submit(actor=d.enterprise))
    with clock.at(MONDAY + timedelta(days=60)):
        assert api.as_("coordinator").get(f"/issues/{issue.number}/").data["light"] == "red"
        assert api.as_("enterprise").get(f"/issues/{issue.number}/").data["light"] is None
        for light in ("red", "yellow", "green"):
            assert numbers(api, "enterprise", light=light) == []
        # the controls: it is there, and who is shown a light finds it
        assert numbers(api, "enterprise") == [issue.number]
        assert numbers(api, "coordinator", light="red") == numbers(api, "officer", light="red") == [issue.number]


def test_an_enterprise_is_not_told_whether_feedbacks_came_in_time(api: Api, d: District) -> None:
    issue = d.do("sign", d.assign(d.submit(actor=d.enterprise)), d.officer)
    d.do("feed_back", issue, d.officer, text="已踏勘")
    [own] = api.as_("enterprise").get("/rates/", MARCH).data
    assert set(own) == {"key", "name", "solved", "satisfied"}
    [staff] = api.as_("officer").get("/rates/", MARCH).data
    assert staff["response"]["denominator"] == 1


def test_a_decision_on_an_issue_out_of_sight_is_not_found(api: Api, d: District) -> None:
    issue = d.assign(d.submit(actor=d.enterprise))
    sent = {"issue": issue.number, "version": 0, "no_such_field": 1}
    assert api.as_("city_officer").post("/decisions/", sent).status_code == 404
    assert api.as_("coordinator").post("/decisions/", sent | {"issue": "BH-0000"}).status_code == 404
    assert api.as_("coordinator").post("/decisions/", sent).status_code == 409
    assert api.as_("coordinator").post("/decisions/", {}).status_code == 400
    assert api.as_("officer").post("/decisions/", {"issue": issue.number, "version": issue.version}).status_code == 403


def test_a_key_with_another_version_or_post_is_another_body(api: Api, d: District) -> None:
    issue = d.assign(d.submit(actor=d.enterprise))
    url, sent = f"/issues/{issue.number}/actions/sign/", {"version": issue.version}
    key = api.as_("officer", HTTP_IDEMPOTENCY_KEY="k1")
    assert key.post(url, sent).status_code == 200
    assert key.post(url, sent).status_code == 200  # the control: the same body is answered again
    for more in ({"version": issue.version + 1}, {"post": "unit_officer"}):
        assert key.post(url, sent | more).status_code == 409


def test_a_key_with_a_tracking_code_is_another_body(api: Api) -> None:
    sent = api.as_().post("/issues/", {"title": "供水压力不足", "text": "三楼无水", "channel": "web_form",
                                       "contact": {"name": "顾工", "phone": "13800000001"}}).data  # fmt: skip
    url, body = f"/issues/{sent['number']}/actions/withdraw/", {"reason": "已解决"}
    code = sent["tracking_code"]
    client = api.as_(HTTP_IDEMPOTENCY_KEY="k2")
    first = client.post(url, body | {"tracking_code": code})
    assert first.status_code == 200
    assert client.post(url, body | {"tracking_code": code}).data == first.data
    with_header = api.as_(HTTP_IDEMPOTENCY_KEY="k2", HTTP_X_TRACKING_CODE=code)
    assert with_header.post(url, body).status_code == 409


@pytest.mark.parametrize("name", ["submitted_after", "submitted_before"])
@pytest.mark.parametrize(
    "value", ["0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31", "99999-01-01"]
)
def test_an_instant_out_of_reach_is_400_beside_its_field(api: Api, name: str, value: str) -> None:
    answer = api.as_("coordinator").get("/issues/", {name: value})
    assert (answer.status_code, set(answer.data["errors"])) == (400, {name})


@pytest.mark.parametrize("value", ["2026-03-01", "1990-01-01T00:00:00+08:00"])
def test_an_instant_within_reach_is_taken(api: Api, value: str) -> None:
    assert api.as_("coordinator").get("/issues/", {"submitted_after": value}).status_code == 200


@pytest.mark.parametrize("name", ["from", "to"])
def test_a_day_of_the_rates_out_of_reach_is_400(api: Api, name: str) -> None:
    for value in ("0001-01-01", "9999-12-31"):
        assert api.as_("coordinator").get("/rates/", {name: value}).status_code == 400
