"""Enterprises by credit code, lines and chains over the interface."""

from __future__ import annotations

from projects.models import Enterprise, Line

USCC = "91500000MA5U7XX02B"


def test_enterprises_are_entered_changed_and_found(api) -> None:
    client = api.as_("coordinator")
    wrong = client.post("/enterprises/", {"name": "江澜精密制造", "uscc": USCC})
    assert (wrong.status_code, list(wrong.data["errors"])) == (400, ["uscc"])  # the check character does not fit
    unknown = client.post("/enterprises/", {"name": "江澜", "town": "没有", "liaison_leader": "nobody", "x": 1})
    assert sorted(unknown.data["errors"]) == ["x"]
    unknown = client.post("/enterprises/", {"name": "江澜", "town": "没有", "liaison_leader": "nobody"})
    assert sorted(unknown.data["errors"]) == ["liaison_leader", "town"]
    sent = {
        "name": "江澜精密制造", "uscc": USCC, "override_reason": "营业执照如此", "ownership": "private",
        "town": api.d.town.code, "liaison_leader": api.d.leader.user.username, "contact_phone": "13900001111",
    }  # fmt: skip
    made = client.post("/enterprises/", sent)
    assert made.status_code == 201, made.data
    assert (made.data["town"], made.data["liaison_leader"]) == (sent["town"], sent["liaison_leader"])
    assert "0001" not in made.data["contact_phone"]
    changed = client.patch(f"/enterprises/{USCC}/", {"is_key": True, "liaison_leader": None})
    assert (changed.data["is_key"], changed.data["liaison_leader"]) == (True, None)
    found = client.get("/enterprises/?q=江澜")
    assert [row["uscc"] for row in found.data["results"]] == [USCC]
    assert Enterprise.objects.get(uscc=USCC).ownership == "private"


def test_what_is_not_seen_is_not_there(api) -> None:
    client = api.as_("coordinator")
    client.post("/enterprises/", {"name": "远处", "uscc": USCC, "override_reason": "如此"})
    other = api.as_("officer")
    assert other.get(f"/enterprises/{USCC}/").status_code == 404
    assert other.patch(f"/enterprises/{USCC}/", {"name": "我的"}).status_code == 404
    assert client.get(f"/enterprises/{USCC}/").status_code == 200


def test_lines_are_entered_and_changed_but_for_their_year(api) -> None:
    client, leader = api.as_("coordinator"), api.d.leader.user.username
    sent = {"name": "第九线", "year": 2026, "leader": leader, "office": api.d.town.code, "units": [api.d.water.code]}
    made = client.post("/lines/", sent)
    assert made.status_code == 201, made.data
    row = f"/lines/{made.data['id']}/"
    assert client.get(row).data["units"] == [api.d.water.code]
    assert client.patch(row, {"year": 2027}).status_code == 400
    changed = client.patch(row, {"units": [api.d.town.code], "order": 7})
    assert (changed.data["units"], changed.data["order"]) == ([api.d.town.code], 7)
    assert api.as_("officer").patch(row, {"order": 1}).status_code == 403
    assert Line.objects.get(pk=made.data["id"]).order == 7
    assert made.data["id"] in [one["id"] for one in client.get("/lines/?year=2026").data["results"]]
