"""Projects over the interface: the file and its parts, the gates, and what an enterprise reads of its own."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote, urlencode

import pytest
from django.test import Client as Browser

from accounts.actors import SYSTEM
from accounts.services import create_token
from common import clock
from projects.models import MonthFigure, Project
from projects.services import create_project


@pytest.fixture
def made(api):
    sent = {
        "code": "XM2026-0301", "name": "江澜智能工厂", "total_investment": "120000.50", "unit": api.d.water.code,
        "manager": api.d.leader.user.username, "note": "内部说明", "fast_early": True,
    }  # fmt: skip
    answer = api.as_("coordinator").post("/projects/", sent)
    assert answer.status_code == 201, answer.data
    Project.objects.update(enterprise=api.d.firm)
    return answer.data


def test_a_project_is_entered_read_and_changed(api, made) -> None:
    client, row = api.as_("coordinator"), f"/projects/{made['code']}/"
    assert (made["stage"], made["total_investment"], made["manager"]) == ("planning", "120000.50", "leader")
    read = client.get(row).data
    changed = client.patch(row, {"category": "planned_start", "version": read["version"]})
    assert (changed.data["category"], changed.data["version"]) == ("planned_start", read["version"] + 1)
    stale = client.patch(row, {"investor": "甲", "version": read["version"]})
    assert (stale.status_code, stale.data["code"]) == (409, "conflict")
    assert client.patch(row, {"code": "XM9"}).status_code == 400
    assert client.patch(row, {"total_investment": "12.345"}).status_code == 400
    assert client.post("/projects/", {"code": "XM2026-0301", "name": "又一个"}).status_code == 400
    # What the responsible unit keeps itself it changes itself, and nothing else.
    officer = api.as_("officer")
    assert officer.patch(row, {"content": "三条产线"}).data["content"] == "三条产线"
    assert officer.patch(row, {"total_investment": "1"}).status_code == 400
    assert api.as_("power_officer").get(row).status_code == 404


def test_a_figure_that_was_not_seen_is_not_overwritten(api, made) -> None:
    row, officer = f"/projects/{made['code']}/investment/", api.as_("officer")
    sent = {"month": "2026-02", "actual": "310.25", "source": "统计台账"}
    assert officer.post(row, sent).status_code == 201
    blind = officer.post(row, {"month": "2026-02", "actual": "400"})
    assert (blind.status_code, blind.data["code"]) == (409, "conflict")
    seen = officer.post(row, {"month": "2026-02", "actual": "400", "seen": "310.25"})
    assert seen.status_code == 201
    assert (seen.data["results"][0]["actual"], seen.data["results"][0]["source"]) == ("400.00", "统计台账")
    MonthFigure.objects.update(included=False, why_not="未入库", answered_at=clock.now())
    again = {"month": "2026-02", "actual": "500", "seen": "400"}
    assert officer.post(row, again).status_code == 400
    assert officer.post(row, {**again, "reason": "漏报"}).status_code == 201


def test_chains_are_kept_over_the_interface(api) -> None:
    desk, leader, water = api.as_("coordinator"), api.d.leader.user.username, api.d.water.code
    sent = {"name": "新材料产业链", "leader": leader, "units": [water], "starts_on": "2026-01-01"}
    made = desk.post("/chains/", sent)
    assert (made.status_code, made.data["leader"], made.data["chief_months"]) == (201, leader, 2)
    one = f"/chains/{made.data['id']}/"
    assert desk.patch(one, {"adviser": "李教授", "force_months": 2}).data["adviser"] == "李教授"
    assert desk.get(one).data["force_months"] == 2
    assert desk.patch(one, {"units": []}).data["units"] == []
    for wrong in (
        {"leader": "officer"},
        {"units": ["NIE"]},
        {"chief_months": 0},
        {"nonsense": 1},
        {"ends_on": "2025-01-01"},
    ):
        assert desk.patch(one, wrong).status_code == 400, wrong
    assert desk.post("/chains/", sent).status_code == 400  # the name is there
    assert api.as_("officer").patch(one, {"adviser": "x"}).status_code == 403
    assert desk.get("/chains/999999/").status_code == 404


def test_the_list_filters_and_refuses_what_it_does_not_know(api, made) -> None:
    create_project(actor=SYSTEM, code="XM2026-0302", name="别的")
    client = api.as_("coordinator")
    assert [row["code"] for row in client.get("/projects/?q=江澜").data["results"]] == [made["code"]]
    assert len(client.get("/projects/?ordering=-code").data["results"]) == 2
    for query in ("sage=signing", "stage=nowhere", "ordering=secret", "unit=%00"):
        assert client.get(f"/projects/?{query}").status_code == 400, query
    assert [row["code"] for row in api.as_("officer").get("/projects/").data["results"]] == [made["code"]]


def test_a_gate_tells_what_is_missing_and_an_override_its_reason(api, made) -> None:
    client, path = api.as_("coordinator"), f"/projects/{made['code']}/stage/"
    held = client.post(path, {"to": "negotiation"})
    assert (held.status_code, held.data["code"]) == (409, "gate")
    assert [one["key"] for one in held.data["missing"]] == ["first_contact"]
    leap = client.post(path, {"to": "signing"})
    assert (leap.status_code, leap.data["code"]) == (409, "conflict")
    assert client.post(path, {"to": "negotiation", "override_reason": " "}).status_code == 400
    assert api.as_("officer").post(path, {"to": "negotiation", "override_reason": "急"}).status_code == 403
    passed = client.post(path, {"to": "negotiation", "override_reason": "首接人已退休"})
    assert (passed.status_code, passed.data["stage"]) == (200, "negotiation")
    change = Project.objects.get(code=made["code"]).stage_changes.get()
    assert (change.missing, change.reason) == (["first_contact"], "首接人已退休")
    assert client.post(path, {"to": "terminated"}).status_code == 400
    assert client.post(path, {"to": "terminated", "reason": "投资方撤资"}).data["stage"] == "terminated"


def test_the_parts_are_added_to_and_read(api, made) -> None:
    client, row = api.as_("coordinator"), f"/projects/{made['code']}"
    item = client.post(
        f"{row}/plan/",
        {"kind": "approval", "name": "施工许可", "key": "construction_permit", "unit": api.d.water.code,
         "planned_start": "2026-03-02", "planned_end": "2026-03-20", "statutory_days": 15, "promised_days": 4},
    )  # fmt: skip
    assert item.status_code == 201, item.data
    told = item.data["results"][-1]
    assert (told["baseline_end"], told["promised_days"], told["day_kind"]) == ("2026-03-20", 4, "wd")
    promise = {"side": "government", "text": "通水", "due_on": "2026-06-30", "unit": api.d.water.code}
    assert client.post(f"{row}/promises/", promise).data["results"][0]["result"] is None
    entry = {"kind": "visit", "on": "2026-02-27", "text": "到厂区看管线"}
    assert client.post(f"{row}/log/", entry).data["results"][0]["on"] == "2026-02-27"
    assert client.post(f"{row}/log/", {**entry, "on": "2027-01-01"}).status_code == 400
    money = api.as_("officer").post(
        f"{row}/investment/", {"month": "2026-02", "actual": "310.25", "source": "统计台账"}
    )
    assert money.status_code == 201, money.data
    assert [(one["month"], one["actual"], one["included"]) for one in money.data["results"]] == [
        ("2026-02", "310.25", None)
    ]
    assert api.as_("officer").post(f"{row}/investment/", {"month": "2026-13", "actual": "1"}).status_code == 400
    assert client.get(f"{row}/managers/").data["results"][0]["manager"]["username"] == "leader"
    named = client.post(f"{row}/team/", {"member": api.d.specialist.user.username, "duty": "specialist"})
    assert named.data["results"][0]["until"] is None


def test_an_enterprise_reads_its_own_without_our_notes(api, made) -> None:
    row = f"/projects/{made['code']}"
    client = api.as_("enterprise")
    told = client.get(f"{row}/").data
    assert told["code"] == made["code"]
    assert not {"note", "ended_reason"} & set(told)
    assert "reason" not in client.get(f"{row}/managers/").data["results"][0]
    assert client.get(f"{row}/log/").status_code == 403
    assert client.post(f"{row}/log/", {}).status_code == 403
    Project.objects.update(enterprise=None)
    assert client.get(f"{row}/").status_code == 404
    assert client.get("/projects/").data["results"] == []


def test_a_key_sent_again_adds_nothing(api, made) -> None:
    headers = {"HTTP_IDEMPOTENCY_KEY": "once"}
    client, path = api.as_("coordinator"), f"/projects/{made['code']}/log/"
    entry = {"kind": "call", "on": "2026-02-27", "text": "电话联系"}
    first, again = client.post(path, entry, **headers), client.post(path, entry, **headers)
    assert (first.json(), first.status_code) == (again.json(), again.status_code)
    assert Project.objects.get(code=made["code"]).log.count() == 1


def test_the_stage_is_no_field_of_the_file(api, made) -> None:
    """Mass assignment: what the verbs keep is refused by name, not passed over."""
    client = api.as_("coordinator")
    for field in ("stage", "signed_on", "pinyin", "created_at", "manager"):
        answer = client.patch(f"/projects/{made['code']}/", {field: "x"})
        assert (answer.status_code, list(answer.data["errors"])) == (400, [field])
    key = create_token(actor=SYSTEM, user=api.d.officer.user).key
    browser = Browser(headers={"authorization": f"Token {key}"})
    assert browser.post("/api/v1/projects/", {"code": "X", "name": "x"}).status_code == 403


def test_what_is_terminated_is_struck_off_with_a_reason(api, made) -> None:
    client, path = api.as_("coordinator"), f"/projects/{made['code']}/stage/"
    assert client.post(path, {"to": "terminated", "reason": "投资方撤资"}).status_code == 200
    assert client.post(path, {"to": "struck_off"}).status_code == 400
    assert client.post(path, {"to": "struck_off", "reason": "已清算"}).data["stage"] == "struck_off"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_time_is_refused(api, made, day) -> None:
    """The plan's picture adds days to the last one: such a day would take the whole page away."""
    client, row = api.as_("coordinator"), f"/projects/{made['code']}"
    sent = {
        "plan": ("planned_end", {"kind": "task", "name": "土建"}),
        "promises": ("due_on", {"side": "enterprise", "text": "开工"}),
        "log": ("on", {"kind": "call", "text": "电话联系"}),
        "team": ("on", {"member": api.d.specialist.user.username, "duty": "specialist"}),
        "managers": ("on", {"manager": api.d.leader.user.username}),
    }
    for part, (field, body) in sent.items():
        answer = client.post(f"{row}/{part}/", {**body, field: day})
        assert (answer.status_code, list(answer.data["errors"])) == (400, [field]), part


def test_a_made_up_cursor_is_not_found(api, made) -> None:
    """A cursor is no secret: whoever writes one of their own gets an answer, not an error of ours."""
    client = api.as_("coordinator")
    lists = ("/enterprises/?", "/lines/?", "/chains/?", "/projects/?", "/projects/?ordering=-total_investment&")
    for path, position in (*((path, "\x00") for path in lists), ("/lines/?", "abc"), (lists[-1], "1e999999")):
        cursor = b64encode(urlencode({"p": position}).encode()).decode()
        assert client.get(f"{path}cursor={quote(cursor)}").status_code in (400, 404), (path, position)
