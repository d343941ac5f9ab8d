"""What is offered is what the verb would do: ``allowed_actions`` against the answer of the action itself."""

from __future__ import annotations

from issues.models import Issue
from tests.api.conftest import Api
from tests.cast import District

CLOSING = {"outcome": "partly", "account": "部分修复"}


def offered_and_answered(api: Api, issue: Issue) -> tuple[bool, int]:
    client = api.as_("officer")
    seen = client.get(f"/issues/{issue.number}/").json()
    listed = client.get("/issues/", {"q": issue.title}).json()["results"]
    mine = next(one for one in listed if one["number"] == issue.number)
    assert mine["allowed_actions"] == seen["allowed_actions"]
    answer = client.post(f"/issues/{issue.number}/actions/propose/", {"version": seen["version"], **CLOSING})
    return "propose" in seen["allowed_actions"], answer.status_code


def test_no_closing_is_offered_while_a_co_units_part_is_open(api: Api, d: District) -> None:
    issue = d.signed(co_units=["CGJ"])
    assert offered_and_answered(api, issue) == (False, 409)
    d.do("feed_back", issue, d.city_officer, text="已协助", done=True)
    assert offered_and_answered(api, issue) == (True, 200)


def test_no_closing_is_offered_while_a_decision_is_open(api: Api, d: District) -> None:
    from issues.services import feed_back_decision

    issue = d.do("escalate", d.signed(), d.officer, text="需要协调")
    issue = d.do("decide", issue, d.leader, text="由城管局配合", unit="CGJ")
    assert offered_and_answered(api, issue) == (False, 409)
    feed_back_decision(decision_id=issue.decisions.get().pk, actor=d.city_officer, text="已办", done=True)
    assert offered_and_answered(api, issue) == (True, 200)
