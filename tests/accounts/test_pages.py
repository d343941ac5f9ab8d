"""The pages of units, people and one's own account: they do what the verbs do, for whom the policy lets."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import ApiToken, AuditEntry, District, Post, Unit, User
from accounts.roles import Role
from accounts.services import authenticate_token
from common import clock
from tests.accounts import cast

CODE = re.compile(r"<code>([^<]+)</code>")


def test_units(client: Client, system_admin: Actor) -> None:
    top = cast.unit("区政府")
    cast.unit("房管所", parent=cast.unit("住建委", parent=top))
    client.force_login(system_admin.user)
    rows = {row["name"]: row["depth"] for row in client.get("/app/units/").context["rows"]}
    assert [rows[name] for name in ("区政府", "住建委", "房管所")] == [0, 1, 2]
    for words in ("房管", "fangguan"):
        assert [row["name"] for row in client.get("/app/units/", {"q": words}).context["rows"]] == ["房管所"]
    assert client.get("/app/units/", {"q": "没有"}).context["rows"] == []


def test_a_unit_is_made_changed_and_closed(client: Client, system_admin: Actor) -> None:
    client.force_login(system_admin.user)
    fields = {"code": "FGS", "name": "房管所", "kind": "department", "is_responsible": "on"}
    assert client.post("/app/units/-/new/", fields).url == "/app/units/FGS/"
    assert client.post("/app/units/-/new/", fields).status_code == 422
    unit = Unit.objects.get(code="FGS")
    assert unit.groups == ["departments"]
    assert client.post("/app/units/FGS/change/", {**fields, "name": "房屋中心"}).status_code == 302
    page = client.get("/app/units/FGS/")
    assert "房屋中心" in page.content.decode()
    assert client.post("/app/units/FGS/close/", {"on": "never"}).status_code == 422
    assert client.post("/app/units/FGS/close/", {"on": str(clock.today())}).status_code == 302
    assert client.post("/app/units/FGS/close/", {"on": str(clock.today())}).status_code == 409
    assert client.get("/app/units/NONE/").status_code == 404


def test_the_district(client: Client, system_admin: Actor) -> None:
    cache.clear()
    client.force_login(system_admin.user)
    assert client.post("/app/units/-/district/", {"name": "江北新区", "office": "营商办"}).status_code == 302
    assert District.objects.get().name == "江北新区"
    cache.clear()
    assert "江北新区" in client.get("/app/units/").content.decode()
    cache.clear()


def test_an_account_and_its_password(client: Client, security_admin: Actor) -> None:
    client.force_login(security_admin.user)
    answer = client.post("/app/people/-/new/", {"username": "zhang", "name": "张敏"})
    assert "no-store" in answer.headers["Cache-Control"]
    username, password = CODE.findall(answer.content.decode())
    user = User.objects.get(username=username)
    assert user.check_password(password)
    assert client.post("/app/people/-/new/", {"username": "zhang", "name": "张敏"}).status_code == 422
    assert client.get("/app/people/zhang/password/").status_code == 200
    user.refresh_from_db()
    assert user.check_password(password)  # to look changes nothing
    again = client.post("/app/people/zhang/password/")
    user.refresh_from_db()
    assert user.check_password(CODE.findall(again.content.decode())[1])


def test_posts_are_given_ended_and_handed_over(client: Client, security_admin: Actor) -> None:
    unit, user = cast.unit(), cast.person("张敏")
    client.force_login(security_admin.user)
    fields = {"role": "unit_officer", "unit": unit.pk, "title": "科长", "starts_on": str(clock.today()), "ends_on": ""}
    assert client.post(f"/app/people/{user.username}/new-post/", fields).status_code == 302
    post = Post.objects.get(user=user)
    assert post in Post.objects.current()
    assert clock.local(post.starts_at).time().isoformat() == "00:00:00"
    assert client.post(f"/app/people/{user.username}/new-post/", {**fields, "unit": ""}).status_code == 422
    heir = cast.post(Role.UNIT_HEAD, unit)
    stranger = cast.post(Role.UNIT_HEAD, cast.unit())
    assert client.post(f"/app/people/-/posts/{post.pk}/end/", {"heir": stranger.pk}).status_code == 422
    assert client.post(f"/app/people/-/posts/{post.pk}/end/", {"heir": ""}).status_code == 302
    assert post not in Post.objects.current()
    assert client.post(f"/app/people/-/posts/{post.pk}/hand-over/", {"heir": ""}).status_code == 422
    assert client.post(f"/app/people/-/posts/{post.pk}/hand-over/", {"heir": heir.pk}).status_code == 302
    assert AuditEntry.objects.filter(act="hand_over", object_ref=str(post.pk)).exists()
    assert client.post(f"/app/people/-/posts/{post.pk}/end/", {"heir": ""}).status_code == 409


def test_the_last_day_is_whole(client: Client, security_admin: Actor) -> None:
    user, unit, today = cast.person(), cast.unit(), clock.today()
    client.force_login(security_admin.user)
    fields = {"role": "unit_head", "unit": unit.pk, "starts_on": str(today), "ends_on": str(today)}
    client.post(f"/app/people/{user.username}/new-post/", fields)
    assert Post.objects.current().filter(user=user).exists()


def test_lock_unlock_and_lift(client: Client, security_admin: Actor) -> None:
    user = cast.person()
    client.force_login(security_admin.user)
    address = f"/app/people/{user.username}/"
    assert client.post(f"{address}lock/", {"reason": ""}).status_code == 422
    assert client.post(f"{address}lock/", {"reason": "离岗"}).status_code == 302
    assert client.post(f"{address}lock/", {"reason": "离岗"}).status_code == 409
    assert client.post(f"{address}unlock/", {"reason": "返岗"}).status_code == 302
    assert client.post(f"{address}lift-lockout/").status_code == 409
    assert client.post(f"{address}change/", {"name": "新名", "phone": "1", "email": ""}).status_code == 302
    user.refresh_from_db()
    assert (user.name, user.is_active) == ("新名", True)


def test_contact_is_shown_to_who_may_and_that_is_recorded(client: Client, officer: Actor) -> None:
    colleague = cast.post(Role.UNIT_HEAD, officer.posts[0].unit, user=cast.person(phone="13812345678")).user
    stranger = cast.post(Role.UNIT_HEAD, cast.unit(), user=cast.person(phone="13887654321")).user
    client.force_login(officer.user)
    assert b"13812345678" in client.get(f"/app/people/{colleague.username}/").content
    assert AuditEntry.objects.get(act="view_contact").object_ref == colleague.username
    assert b"13887654321" not in client.get(f"/app/people/{stranger.username}/").content
    assert AuditEntry.objects.filter(act="view_contact").count() == 1
    assert b"138" not in client.get("/app/people/").content


def test_people_are_paged_and_found(client: Client, security_admin: Actor) -> None:
    for number in range(60):
        cast.person(f"王{number:02d}")
    client.force_login(security_admin.user)
    seen, address = [], "/app/people/"
    while address:
        page = client.get(address)
        seen += [row["username"] for row in page.context["rows"]]
        address = page.context["pager"] and page.context["pager"]["next"]
    assert len(seen) == len(set(seen)) == User.objects.count()
    assert [row["name"] for row in client.get("/app/people/", {"q": "王07"}).context["rows"]] == ["王07"]


def test_profile_and_keys(client: Client, officer: Actor) -> None:
    client.force_login(officer.user)
    assert client.get("/app/profile/").status_code == 200
    assert client.post("/app/profile/contact/", {"phone": "13812345678", "email": "x"}).status_code == 422
    assert client.post("/app/profile/contact/", {"phone": "13812345678", "email": ""}).status_code == 302
    answer = client.post("/app/profile/new-key/", {"name": "渝快办", "scope": "read"})
    assert "no-store" in answer.headers["Cache-Control"]
    key = CODE.findall(answer.content.decode())[0]
    assert authenticate_token(key)[0] == officer.user
    page = client.get("/app/profile/").content.decode()
    assert key not in page
    assert f"…{key[-4:]}" in page
    token = ApiToken.objects.get()
    assert client.post(f"/app/profile/keys/{token.pk}/revoke/").status_code == 302
    assert client.post(f"/app/profile/keys/{token.pk}/revoke/").status_code == 409
    assert authenticate_token(key) is None


def test_an_outsider_has_a_profile_and_nothing_else_here(client: Client, db: None) -> None:
    client.force_login(cast.actor(Role.OBSERVER).user)
    assert client.get("/app/profile/").status_code == 200
    assert client.get("/app/units/").status_code in (302, 403)
    assert client.post("/app/units/-/new/", {}).status_code == 403


NUMBERED = ["end_post", "hand_over", "revoke_token"]


@pytest.mark.parametrize("name", NUMBERED)
@pytest.mark.parametrize("pk", [0, 999_999, 2**31, 2**63, 10**40])
def test_a_number_that_is_nobodys_is_404(client: Client, security_admin: Actor, name: str, pk: int) -> None:
    client.force_login(security_admin.user)
    assert client.post(reverse(f"accounts:{name}", args=[pk])).status_code == 404


@pytest.mark.parametrize("words", ["'", "%", "_", "\\", "<script>alert(1)</script>", "𠮷", "{{7*7}}", "x" * 5000])
def test_hostile_words_find_nothing_and_break_nothing(client: Client, security_admin: Actor, words: str) -> None:
    client.force_login(security_admin.user)
    for address in ("/app/units/", "/app/people/"):
        answer = client.get(address, {"q": words})
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


@pytest.mark.parametrize("address", ["/app/units/?q=%00", "/app/people/?cursor=a%00b", "/app/units/a%00b/"])
def test_no_address_holds_a_nul(client: Client, security_admin: Actor, address: str) -> None:
    client.force_login(security_admin.user)
    assert client.get(address).status_code == 400


def test_nor_does_a_form(client: Client, security_admin: Actor) -> None:
    client.force_login(security_admin.user)
    assert client.post("/app/people/-/new/", {"username": "a", "name": "a\x00b"}).status_code == 422


def test_writes_want_a_token_of_the_form(officer: Actor) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer.user)
    for address in ("/app/profile/post/", "/app/profile/contact/", "/app/profile/new-key/"):
        assert strict.post(address, {}).status_code == 403
