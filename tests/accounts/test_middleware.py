"""Who acts on a request, in which post; who gets into staff pages; how services' errors look."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import landing
from accounts.actors import Actor, actor_for
from accounts.decorators import role_page, staff_page
from accounts.models import Principal
from accounts.roles import Role
from common.errors import Conflict, NotVisible
from common.http import ErrorMiddleware, came_from, request_id, safe_target
from tests.accounts import cast


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def request_of(actor: Actor, method: str = "GET") -> HttpRequest:
    request = RequestFactory().generic(method, "/app/x/")
    request.actor = actor
    request.user = actor.user
    request.session = SessionStore()
    return request


def outsider(role: str) -> Actor:
    fields = {"enterprise_id": Principal.objects.create(kind="enterprise").pk} if role == Role.ENTERPRISE else {}
    return cast.actor(role, **fields)


@pytest.mark.parametrize("role", sorted(set(Role) - landing.OUTSIDERS))
def test_staff_get_in(db: None, role: str) -> None:
    assert staff_page(view)(request_of(cast.actor(role))).content == b"in"


@pytest.mark.parametrize("role", sorted(landing.OUTSIDERS))
def test_outsiders_are_led_to_their_page(db: None, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landing, "_homes", {})
    with pytest.raises(PermissionDenied):
        staff_page(view)(request_of(outsider(role)))
    landing.register(role, "accounts:profile")
    answer = staff_page(view)(request_of(outsider(role)))
    assert (answer.status_code, answer.url) == (302, "/app/profile/")
    with pytest.raises(PermissionDenied):
        staff_page(view)(request_of(outsider(role), "POST"))


def test_an_outsider_who_is_staff_as_well_gets_in(db: None) -> None:
    actor = cast.actor(Role.OBSERVER)
    cast.post(Role.UNIT_HEAD, cast.unit(), user=actor.user)
    assert staff_page(view)(request_of(actor_for(actor.user))).content == b"in"


def test_without_any_post_there_is_nothing(db: None) -> None:
    with pytest.raises(PermissionDenied):
        staff_page(view)(request_of(actor_for(cast.person())))


def test_role_page(officer: Actor) -> None:
    guarded = role_page(Role.COORDINATOR)(view)
    assert guarded(request_of(cast.actor(Role.COORDINATOR))).content == b"in"
    with pytest.raises(PermissionDenied):
        guarded(request_of(officer))


def test_strangers_are_asked_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/app/units/")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/app/units/"


# Posts ---------------------------------------------------------------------------------------------------------------


def test_switch_post(client: Client, officer: Actor) -> None:
    second = cast.post(Role.SPECIALIST, cast.unit(), user=officer.user)
    client.force_login(officer.user)
    assert client.get("/app/profile/").wsgi_request.actor.roles == {Role.UNIT_OFFICER, Role.SPECIALIST}
    client.post("/app/profile/post/", {"post": second.pk})
    actor = client.get("/app/profile/").wsgi_request.actor
    assert actor.posts == (second,)
    assert actor.unit_ids == {second.unit_id, officer.posts[0].unit_id}  # a conflict of interest is not shed
    client.post("/app/profile/post/", {})
    assert len(client.get("/app/profile/").wsgi_request.actor.posts) == 2


@pytest.mark.parametrize("chosen", ["0", "-1", "x", "9" * 30, "堃"])
def test_only_into_ones_own(client: Client, officer: Actor, chosen: str) -> None:
    client.force_login(officer.user)
    assert client.post("/app/profile/post/", {"post": chosen}).status_code == 404
    stranger = cast.post(Role.CHIEF, cast.unit())
    assert client.post("/app/profile/post/", {"post": stranger.pk}).status_code == 404
    assert client.get("/app/profile/").wsgi_request.actor.roles == {Role.UNIT_OFFICER}


def test_a_chosen_post_that_ended_falls_back(client: Client, officer: Actor, security_admin: Actor) -> None:
    from accounts.services import end_post

    second = cast.post(Role.SPECIALIST, cast.unit(), user=officer.user)
    client.force_login(officer.user)
    client.post("/app/profile/post/", {"post": second.pk})
    end_post(actor=security_admin, post_id=second.pk)
    assert client.get("/app/profile/").wsgi_request.actor.posts == officer.posts


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_no_redirect_leaves_the_site(client: Client, officer: Actor, target: str) -> None:
    client.force_login(officer.user)
    assert client.post("/app/profile/post/", {"next": target}).url == "/app/profile/"
    request = RequestFactory().get("/", HTTP_REFERER=target)
    assert came_from(request) == "/app/"
    assert safe_target(request, "/app/units/") == "/app/units/"  # the control


def test_who_is_not_signed_in_costs_no_query(client: Client, db: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/healthz").status_code == 200
        request = client.get("/accounts/login/").wsgi_request
    assert request.actor.user is None
    assert not [query for query in queries if "accounts_post" in query["sql"] or "accounts_user" in query["sql"]]


# Errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotVisible(), 404, ""),
        (Conflict("已被他人处理", state="closed"), 409, "已被他人处理"),
        (ValidationError({"cursor": ["失效"]}), 400, ""),
    ],
)
def test_errors_as_pages(officer: Actor, error: Exception, status: int, words: str) -> None:
    answer = ErrorMiddleware(view).process_exception(request_of(officer), error)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_what_we_do_not_know_stays_an_error(officer: Actor) -> None:
    assert ErrorMiddleware(view).process_exception(request_of(officer), RuntimeError()) is None


def test_a_request_id_is_our_own(client: Client, officer: Actor) -> None:
    client.force_login(officer.user)
    ids = {client.get("/app/profile/", HTTP_X_REQUEST_ID="mine").wsgi_request.actor.request_id for _ in range(2)}
    assert len(ids) == 2
    assert all(len(number) == 36 for number in ids)
    assert request_id(RequestFactory().get("/")) == ""
