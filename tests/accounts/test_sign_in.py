"""Signing in: the same answer for whoever it is, what is recorded, and when a session is over."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import middleware
from accounts.models import AuditEntry, User
from accounts.roles import Role
from tests.accounts import cast

PASSWORD = "Guter-Satz-2026-x"
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


@pytest.fixture
def known(db: None) -> User:
    user = cast.post(Role.UNIT_HEAD, cast.unit(), user=cast.person("陈静")).user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, name: str, password: str) -> object:
    return client.post("/accounts/login/", {"login": name, "password": password})


def body(client: Client, name: str) -> bytes:
    answer = sign_in(client, name, "wrong")
    assert answer.status_code == 200
    return CSRF.sub(b"", answer.content).replace(name.encode(), b"NAME")


def test_unknown_locked_and_known_names_get_the_same_bytes(client: Client, known: User) -> None:
    locked = cast.person("停用")
    locked.set_password("wrong")  # even the right password of a locked account tells nothing
    locked.is_active = False
    locked.save()
    answers = {body(Client(), name) for name in (known.username, "nobody-at-all", locked.username)}
    assert len(answers) == 1
    assert sign_in(client, known.username, PASSWORD).status_code == 302  # the control: the form works


def test_an_unknown_name_costs_a_hash_too(known: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time is the hasher's: it must run once for known and for unknown names, in the same way."""
    hashed = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    original = settings.PASSWORD_HASHERS
    assert original == ["django.contrib.auth.hashers.MD5PasswordHasher"]
    from django.contrib.auth.hashers import MD5PasswordHasher

    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(hasher, lambda self, password, salt: hashed.append(1) or encode(self, password, salt))
    counts = []
    for name in (known.username, "nobody-at-all"):
        hashed.clear()
        sign_in(Client(), name, "wrong")
        counts.append(len(hashed))
    assert counts == [1, 1]
    assert PBKDF2PasswordHasher.iterations >= 600_000


def test_what_is_recorded(client: Client, known: User) -> None:
    sign_in(client, known.username, "wrong")
    sign_in(client, "my-secret-typed-into-the-wrong-box", "x")
    sign_in(client, known.username, PASSWORD)
    client.post("/accounts/logout/")
    entries = AuditEntry.objects.filter(act__startswith="sign_").order_by("id")
    assert [(entry.act, entry.result, entry.object_ref) for entry in entries] == [
        ("sign_in", "failed", known.username),
        ("sign_in", "failed", ""),
        ("sign_in", "ok", known.username),
        ("sign_out", "ok", known.username),
    ]
    assert {entry.address for entry in entries} == {"127.0.0.1"}
    assert "secret" not in "".join(str(entry.detail) + entry.object_ref for entry in entries)


def test_changing_ones_own_password_is_recorded(client: Client, known: User) -> None:
    client.force_login(known)
    new = {"oldpassword": PASSWORD, "password1": "Neuer-Satz-2027-y", "password2": "Neuer-Satz-2027-y"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert AuditEntry.objects.get(act="change_password").user == known


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("Kurz-1a", False),
        ("nurkleinebuchstaben", False),
        ("nurkleine123buchstaben", False),
        ("Nurkleine123buchstaben", True),
        ("nur-kleine-123-buchst", True),
        ("Bihuan-2026-abcd", False),
        ("临江区-Xy-1234567890", False),
        ("Chenjing-2026-Abc", False),
        ("陈静-Xyz-1234567890", False),
        ("Password-2026-xyz", False),
        (PASSWORD, True),
    ],
)
def test_password_rules(password: str, good: bool) -> None:
    user = User(username="p1", name="陈静", pinyin="chenjing")
    if good:
        validate_password(password, user)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, user)
    assert isinstance(good, bool)


# Sessions ------------------------------------------------------------------------------------------------------------


class Watch:
    """A wall clock that the test moves."""

    def __init__(self) -> None:
        self.now = time.time()

    def time(self) -> float:
        return self.now


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch()
    monkeypatch.setattr(middleware, "time", watch)
    return watch


@pytest.mark.parametrize(("role", "idle"), [(Role.UNIT_HEAD, 15 * 60), (Role.SYSTEM_ADMIN, 10 * 60)])
def test_an_idle_session_is_over(client: Client, watch: Watch, db: None, role: str, idle: int) -> None:
    client.force_login(cast.post(role, cast.unit()).user)
    assert client.get("/app/profile/").status_code == 200
    watch.now += idle - 60
    assert client.get("/app/profile/").status_code == 200  # seen: the time begins anew
    watch.now += idle - 1
    assert client.get("/app/profile/").status_code == 200
    watch.now += idle + 1
    assert client.get("/app/profile/").status_code == 302
    assert AuditEntry.objects.filter(act="sign_out").exists()


def test_after_eight_hours_it_is_over_however_busy(client: Client, watch: Watch, known: User) -> None:
    client.force_login(known)
    client.get("/app/profile/")
    for _round in range(32):  # every 15 minutes: never idle
        watch.now += 15 * 60
        assert client.get("/app/profile/").status_code == 200
    watch.now += 1
    assert client.get("/app/profile/").status_code == 302


def test_the_session_row_is_written_once_a_minute(client: Client, watch: Watch, known: User) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(known)
    client.get("/app/profile/")
    writes = []
    for seconds in (1, 30, 40, 1):
        watch.now += seconds
        with CaptureQueriesContext(connection) as queries:
            client.get("/app/profile/")
        writes.append(sum("UPDATE" in query["sql"] and "django_session" in query["sql"] for query in queries))
    assert writes == [0, 0, 1, 0]
