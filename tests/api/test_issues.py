"""The contract of API.md for issues: shapes, errors and their order, tracking codes, idempotency."""

import pytest

FORM = {
    "title": "厂区供水压力不足",
    "text": "三车间每天下午停水两小时。",
    "channel": "web_form",
    "contact": {"name": "顾工", "phone": "13800000001"},
}
ASSIGN = {"category": "供水", "urgency": "normal", "difficulty": "normal", "unit": "SWJ"}


@pytest.fixture
def sent(api):
    answer = api.as_().post("/issues/", FORM)
    assert answer.status_code == 201, answer.data
    return answer.data


def test_submit_answers_with_number_and_code_and_the_code_opens_it(api, sent):
    assert sent["number"].startswith("WT2026-")
    own = api.as_(HTTP_X_TRACKING_CODE=sent["tracking_code"]).get(f"/issues/{sent['number']}/")
    assert own.status_code == 200
    assert own.data["allowed_actions"] == ["withdraw"]
    assert own.data["light"] is None
    assert api.as_().get(f"/issues/{sent['number']}/").status_code == 401
    wrong = api.as_(HTTP_X_TRACKING_CODE="AAAA-BBBB").get(f"/issues/{sent['number']}/")
    assert wrong.status_code == 404


def test_an_account_gets_no_code(api):
    answer = api.as_("specialist").post("/issues/", FORM | {"channel": "visit"})
    assert answer.status_code == 201
    assert "tracking_code" not in answer.data


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"text": "长" * 20_001}, "text"),
        ({"channel": "hotline"}, "channel"),
        ({"contact": {"name": "顾工"}}, "contact.phone"),
        ({"contact": None}, "contact"),
        ({"category": "没有这类"}, "category"),
        ({"light": "red"}, "light"),
        ({"title": ["a"]}, "title"),
        ({"title": "a\x00b"}, "title"),
    ],
)
def test_bad_data_is_400_beside_the_field(api, change, field):
    answer = api.as_().post("/issues/", FORM | change)
    assert answer.status_code == 400, answer.data
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.data["code"] == "invalid"
    assert field in answer.data["errors"]


def test_the_order_of_errors(api, sent, d):
    url = f"/issues/{sent['number']}/actions/assign/"
    # not visible
    assert api.as_("officer").post(url, {"version": 99, "x": 1}).status_code == 404
    # stale before right
    stale = api.as_("auditor").post(url, {"version": 99, "x": 1})
    assert stale.status_code == 409
    assert (stale.data["state"], stale.data["version"]) == ("submitted", 1)
    # right before state and data
    assert api.as_("auditor").post(url, {"version": 1, "x": 1}).status_code == 403
    # state before data
    verify = api.as_("coordinator").post(f"/issues/{sent['number']}/actions/verify/", {"version": 1, "x": 1})
    assert (verify.status_code, verify.data["code"]) == (409, "conflict")
    # data
    bad = api.as_("coordinator").post(url, {"version": 1, "x": 1})
    assert (bad.status_code, list(bad.data["errors"])) == (400, ["x"])
    empty = api.as_("coordinator").post(url, {"version": 1})
    assert set(empty.data["errors"]) == {"category", "urgency", "difficulty", "unit"}
    missing = api.as_("coordinator").post(url, ASSIGN)
    assert list(missing.data["errors"]) == ["version"]
    done = api.as_("coordinator").post(url, ASSIGN | {"version": 1})
    assert (done.status_code, done.data["state"], done.data["version"]) == (200, "assigned", 2)
    assert api.as_().post(url, ASSIGN | {"version": 2}).status_code == 401


def test_the_issue_says_what_its_caller_may_do(api, sent):
    number = sent["number"]
    api.as_("coordinator").post(f"/issues/{number}/actions/assign/", ASSIGN | {"version": 1})
    officer = api.as_("officer").get(f"/issues/{number}/").data
    assert officer["allowed_actions"] == ["refuse", "sign"]
    assert {clock["kind"] for clock in officer["clocks"]} == {"acceptance", "signing", "feedback", "resolution"}
    # signing is due tomorrow: yellow from 09:00 of the working day before
    assert officer["light"] == "yellow"
    assert officer["contact"]["phone"] == "138****0001"
    assert api.as_("city_officer").get(f"/issues/{number}/").status_code == 404


def test_an_anonymous_issue_hides_who_from_the_unit(api, d):
    number = api.as_("enterprise").post("/issues/", FORM | {"confidentiality": "anonymous"}).data["number"]
    api.as_("coordinator").post(f"/issues/{number}/actions/assign/", ASSIGN | {"version": 1})
    seen = api.as_("officer").get(f"/issues/{number}/").data
    assert (seen["enterprise"], seen["contact"], seen["text"]) == (None, None, FORM["text"])
    assert api.as_("coordinator").get(f"/issues/{number}/").data["enterprise"] == d.firm.uscc
    found = api.as_("officer").get("/issues/", {"q": "禾曦"}).data["results"]
    assert found == []
    assert api.as_("officer").get("/issues/", {"enterprise": d.firm.uscc}).data["results"] == []
    # the control: it is found by what the unit may read, and the coordinator finds it by the name
    assert [row["number"] for row in api.as_("officer").get("/issues/", {"q": "供水"}).data["results"]] == [number]
    assert [row["number"] for row in api.as_("coordinator").get("/issues/", {"q": "禾曦"}).data["results"]] == [number]


def test_a_commercial_text_is_for_the_lead_unit_not_the_co_unit(api):
    number = api.as_("enterprise").post("/issues/", FORM | {"confidentiality": "commercial"}).data["number"]
    api.as_("coordinator").post(f"/issues/{number}/actions/assign/", ASSIGN | {"version": 1, "co_units": ["GDJ"]})
    assert api.as_("officer").get(f"/issues/{number}/").data["text"] == FORM["text"]
    assert api.as_("power_officer").get(f"/issues/{number}/").data["text"] is None
    assert api.as_("power_officer").get("/issues/", {"q": "三车间"}).data["results"] == []


def test_the_same_key_answers_again_and_never_acts_twice(api):
    first = api.as_(HTTP_IDEMPOTENCY_KEY="k1").post("/issues/", FORM)
    again = api.as_(HTTP_IDEMPOTENCY_KEY="k1").post("/issues/", FORM)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.data == again.data
    other = api.as_(HTTP_IDEMPOTENCY_KEY="k1").post("/issues/", FORM | {"title": "别的"})
    assert other.status_code == 409
    from common.models import IdempotentAnswer

    assert "tracking_code" not in IdempotentAnswer.objects.get(key="k1").answer
    # the control: without a key a second one is made
    assert api.as_().post("/issues/", FORM).data["number"] != first.data["number"]


def test_the_submitter_acts_by_code(api, sent):
    url = f"/issues/{sent['number']}/actions/withdraw/"
    assert api.as_().post(url, {"tracking_code": "WRONG", "reason": "x"}).status_code == 404
    done = api.as_().post(url, {"tracking_code": sent["tracking_code"].lower(), "reason": "已解决"})
    assert (done.status_code, done.data["state"]) == (200, "withdrawn")


def test_wrong_codes_are_few_a_minute(api, sent):
    client = api.as_(HTTP_X_TRACKING_CODE="AAAA")
    codes = [client.get(f"/issues/{sent['number']}/").status_code for _ in range(12)]
    assert codes[:10] == [404] * 10
    assert codes[10:] == [429] * 2


def test_lists_page_by_cursor_and_refuse_unknown_filters(api):
    for _ in range(5):
        api.as_().post("/issues/", FORM)
    seen, url = [], "/issues/?page_size=2"
    while url:
        page = api.as_("coordinator").get(url).data
        assert set(page) == {"next", "previous", "results"}
        seen += [row["number"] for row in page["results"]]
        url = page["next"] and page["next"].split("/api/v1", 1)[1]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)
    assert api.as_("coordinator").get("/issues/?readers=1").status_code == 400
    assert api.as_("coordinator").get("/issues/?ordering=filed_by").status_code == 400
    assert api.as_("coordinator").get("/issues/?q=%00").status_code == 400


def test_events_clocks_and_decisions(api, sent, d):
    number = sent["number"]
    coordinator, officer = api.as_("coordinator"), api.as_("officer")
    coordinator.post(f"/issues/{number}/actions/assign/", ASSIGN | {"version": 1})
    officer.post(f"/issues/{number}/actions/sign/", {"version": 2})
    officer.post(f"/issues/{number}/actions/escalate/", {"version": 3, "text": "请定费用"})
    decided = api.as_("office").post(
        "/decisions/", {"issue": number, "version": 4, "text": "由水务局承担", "unit": "SWJ", "due": "2026-03-20"}
    )
    assert decided.status_code == 201, decided.data
    assert decided.data["in_name_of"] == "leader"
    listed = officer.get("/decisions/", {"issue": number}).data["results"]
    assert [one["id"] for one in listed] == [decided.data["id"]]
    fed = officer.post(f"/decisions/{decided.data['id']}/feedback/", {"text": "已落实", "done": True})
    assert (fed.status_code, fed.data["feedback"][0]["done"]) == (200, True)
    assert api.as_("city_officer").post(f"/decisions/{decided.data['id']}/feedback/", {"text": "x"}).status_code == 404
    kinds = [event["kind"] for event in officer.get(f"/issues/{number}/events/").data["results"]]
    assert kinds == ["submit", "assign", "sign", "escalate", "decide", "decision_feedback"]
    own = api.as_(HTTP_X_TRACKING_CODE=sent["tracking_code"])
    public = [event["kind"] for event in own.get(f"/issues/{number}/events/").data["results"]]
    assert public == ["submit", "assign", "sign"]
    assert "decision" in {one["kind"] for one in officer.get(f"/issues/{number}/clocks/").data["results"]}


def test_me_units_and_problem_for_an_unknown_address(api):
    me = api.as_("officer").get("/me/").data
    assert me["username"] == "unit_officer"
    assert [(post["unit"], post["role"]) for post in me["posts"]] == [("SWJ", "unit_officer")]
    assert {"SWJ", "GDJ"} <= {unit["code"] for unit in api.as_("officer").get("/units/").data["results"]}
    assert api.as_("officer").get("/nowhere/").status_code == 404
