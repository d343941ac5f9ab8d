"""Keys for other programs: shown once, hashed at rest, read-only ones refuse to write."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.exceptions import PermissionDenied as ApiDenied
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts.actors import ANONYMOUS, SYSTEM, Actor, actor_for
from accounts.api_auth import TokenAuthentication
from accounts.models import ApiToken, AuditEntry
from accounts.roles import Role
from accounts.services import authenticate_token, create_token, revoke_token
from accounts.services.tokens import MOST
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from tests.accounts import cast


def test_create_token_keeps_only_the_hash(officer: Actor) -> None:
    new = create_token(actor=officer, name="渝快办")
    assert new.token.key_hash == hashlib.sha256(new.key.encode()).hexdigest()
    assert new.token.hint == new.key[-4:]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM accounts_apitoken t UNION ALL SELECT a::text FROM accounts_auditentry a")
        everything = " ".join(row[0] for row in cursor.fetchall())
    assert new.token.key_hash in everything  # the control: the dump holds the row
    assert new.key not in everything
    assert authenticate_token(new.key) == (officer.user, new.token)


@pytest.mark.parametrize("key", ["", "bh_", "x", "bh_" + "a" * 43, "堃", "\x00", "a" * 100_000])
def test_a_wrong_key_is_nobody(db: None, key: str) -> None:
    assert authenticate_token(key) is None


def test_a_key_is_ones_own(officer: Actor, security_admin: Actor) -> None:
    with pytest.raises(PermissionDenied):
        create_token(actor=security_admin, user=officer.user)
    with pytest.raises(PermissionDenied):
        create_token(actor=ANONYMOUS)
    new = create_token(actor=officer)
    with pytest.raises(NotVisible):
        revoke_token(actor=cast.actor(Role.COORDINATOR), token_id=new.token.pk)
    revoke_token(actor=security_admin, token_id=new.token.pk)
    assert authenticate_token(new.key) is None
    with pytest.raises(Conflict):
        revoke_token(actor=officer, token_id=new.token.pk)


def test_there_is_an_end_to_keys(officer: Actor) -> None:
    for _number in range(MOST):
        create_token(actor=officer)
    with pytest.raises(ValidationError):
        create_token(actor=officer)
    assert create_token(actor=SYSTEM, user=officer.user).key


def test_bad_data(officer: Actor) -> None:
    with pytest.raises(ValidationError):
        create_token(actor=officer, scope="everything")
    with pytest.raises(ValidationError):
        create_token(actor=officer, name="甲" * 61)


def test_last_use_is_written_once_a_minute(officer: Actor) -> None:
    key = create_token(actor=officer).key
    start = clock.now()
    for seconds, writes in ((0, 1), (1, 0), (59, 0), (60, 1), (61, 0)):
        with clock.at(start + timedelta(seconds=seconds)), CaptureQueriesContext(connection) as queries:
            assert authenticate_token(key)
        assert sum("UPDATE" in query["sql"] for query in queries) == writes
    assert ApiToken.objects.get().last_used_at == start + timedelta(seconds=60)


# In requests ---------------------------------------------------------------------------------------------------------


def ask(method: str, key: str | None, scheme: str = "Token") -> tuple | None:
    headers = {"HTTP_AUTHORIZATION": f"{scheme} {key}"} if key is not None else {}
    request = Request(APIRequestFactory().generic(method, "/api/v1/me/", **headers))
    request._request.actor = ANONYMOUS
    found = TokenAuthentication().authenticate(request)
    return (found, request._request.actor) if found else None


def test_the_actor_holds_all_posts_of_the_owner(officer: Actor) -> None:
    second = cast.post(Role.SPECIALIST, cast.unit(), user=officer.user)
    new = create_token(actor=officer)
    found, actor = ask("GET", new.key)
    assert found == (officer.user, new.token)
    assert second in actor.posts
    assert len(actor.posts) == 2


def test_no_header_is_left_to_the_session(db: None) -> None:
    assert ask("GET", None) is None
    assert ask("GET", "whatever", scheme="Bearer") is None


@pytest.mark.parametrize("key", ["", "wrong", "two words", "schlüssel"])
def test_a_key_that_does_not_hold_is_401(db: None, key: str) -> None:
    with pytest.raises(AuthenticationFailed):
        ask("GET", key)


def test_a_read_only_key_does_not_write(officer: Actor) -> None:
    reading = create_token(actor=officer, scope="read").key
    writing = create_token(actor=officer, scope="write").key
    assert ask("GET", reading)
    assert ask("HEAD", reading)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        with pytest.raises(ApiDenied):
            ask(method, reading)
        assert ask(method, writing)  # the control


def test_the_command_prints_the_key_and_nothing_else(db: None, capsys: pytest.CaptureFixture) -> None:
    user = cast.person()
    call_command("api_token", user.username)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert authenticate_token(printed.strip())[0] == user
    assert AuditEntry.objects.get(act="create_token").detail["user"] == user.username
    with pytest.raises(CommandError):
        call_command("api_token", "nobody")
    assert actor_for(user).posts == ()
