"""Asking every address as everybody. What a request changed is rolled back at once: the order of rows is no matter."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.views.generic.edit import ProcessFormView
from drf_spectacular.generators import SchemaGenerator

from accounts.models import ApiToken
from accounts.services import create_token, revoke_token
from documents import rendering
from tests.permission.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
LOGIN = "/accounts/login/"
METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE")
# The columns that the addresses are asked as: of people who stand in the same relation to all of them, one.
HEAD = "-nefwsohxvlkCSDTA123qryjpb"
# The interface as well with keys: a coordinator's that may only read, one taken back, and an administrator's.
KEYS = "RXY"
# For the answer to an unsafe method these are about the data or the state: the right was there.
PASSED = frozenset({200, 201, 204, 400, 409, 415, 422})
SIGNS = {401: "1", 403: "3", 404: "4", 405: "5"}
# They write logs, count, compress and lock out: nothing that gives or takes a right.
IDLE = ("whitenoise", "django_structlog", "axes", "django_prometheus")


@dataclass(frozen=True)
class Row:
    """One line of a table: ``cells`` has one letter per column."""

    method: str
    address: str
    cells: str

    @property
    def path(self) -> str:
        return self.address.split("?")[0]

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


def read(table: str, head: str = HEAD) -> list[Row]:
    """``METHOD /address/ cells``; lines that begin with # are headings and remarks."""
    rows = []
    for line in table.strip().splitlines():
        if line and not line.startswith("#"):
            method, address, cells = line.split()
            assert len(cells) == len(head), line
            rows.append(Row(method, address, cells))
    return rows


class Probe:
    """One browser per column; the columns of keys have a header instead of a session."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.names = world.names()
        self.clients: dict[str, Client] = {}
        for sign in KEYS:  # now: what a test makes is gone after it
            self.client(sign)

    def client(self, sign: str) -> Client:
        if sign not in self.clients:
            client = Client(raise_request_exception=False)
            if sign in KEYS:
                client.defaults["HTTP_AUTHORIZATION"] = f"Token {self._key(sign)}"
            elif user := self.world.actors[sign].user:
                client.force_login(user, backend=BACKEND)
            self.clients[sign] = client
        return self.clients[sign]

    def _key(self, sign: str) -> str:
        actor = self.world.actors["1" if sign == "Y" else "C"]
        scope = ApiToken.Scope.READ if sign == "R" else ApiToken.Scope.WRITE
        made = create_token(actor=actor, scope=scope)
        if sign == "X":
            revoke_token(actor=actor, token_id=made.token.pk)
        return made.key

    def cells(self, method: str, address: str, head: str = HEAD) -> str:
        return "".join(sign_of(method, self.ask(sign, method, address)) for sign in head)

    def ask(self, sign: str, method: str, address: str) -> HttpResponse:
        path, client = address.format(**self.names), self.client(sign)
        cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        with transaction.atomic():
            response = getattr(client, method.lower())(path, **self._sent(method, address))
            transaction.set_rollback(True)
        client.cookies.clear()
        client.cookies.load(cookies)
        return response

    def _sent(self, method: str, address: str) -> dict[str, Any]:
        """Nothing as a rule: who may is told what is missing. But for these the right hangs on what is sent."""
        if method == "GET":
            return {}
        if address.endswith("}/files/"):
            return {"data": {"file": SimpleUploadedFile("a.txt", b"plain words")}}
        if not address.startswith("/api/"):
            return {}
        data = {"issue": self.names["coordinating"]} if address == "/api/v1/decisions/" else {}
        return {"data": data, "content_type": "application/json"}


def sign_of(method: str, response: HttpResponse) -> str:
    """``+`` may; ``3`` 403; ``4`` 404; ``1`` 401; ``L`` to the sign-in; ``>`` led elsewhere, after a POST: it is done;
    ``9`` the right is there, but not now. Anything more is written out and fits no table."""
    code = response.status_code
    if code in (301, 302):
        return "L" if response["Location"].startswith(LOGIN) else ">"
    if code in (200, 201, 204) or (method != "GET" and code in PASSED):
        return "+"
    return "9" if code == 409 else SIGNS.get(code, f"[{code}]")


@contextmanager
def light() -> Iterator[None]:
    """Thousands of requests: who may is decided before a page is written, so none is."""
    kept = [name for name in settings.MIDDLEWARE if not name.startswith(IDLE)]
    sessions = "django.contrib.sessions.backends.signed_cookies"
    with override_settings(MIDDLEWARE=kept, SESSION_ENGINE=sessions), pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda self, context=None, request=None: "")
        patch.setattr(rendering, "render", lambda *args, **kwargs: rendering.Rendered(b"", 1, {}, []))
        patch.setattr(SchemaGenerator, "get_schema", lambda self, request=None, public=False: {})
        yield


# --- all addresses ---------------------------------------------------------------------------------------------------


def routes(patterns: list[URLPattern | URLResolver] | None = None, before: str = "") -> Iterator[str]:
    """Every pattern that the resolver knows."""
    return (route for route, _view in views(patterns, before))


def views(
    patterns: list[URLPattern | URLResolver] | None = None, before: str = ""
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every pattern with the view that answers it."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, here)
        else:
            yield plain(here), one.callback


def accepted(view: Any) -> set[str]:
    """The methods that a view says it takes: by its class, or by Django's ``require_…`` around the function."""
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if cls is not None:
        taken = {method for method in METHODS if hasattr(cls, method.lower())}
        # Django's own forms take a PUT as the POST.
        return taken - {"PUT"} if getattr(cls, "put", None) is ProcessFormView.put else taken
    while view is not None:
        if found := inspect.getclosurevars(view).nonlocals.get("request_method_list"):
            return set(found) & set(METHODS)
        view = getattr(view, "__wrapped__", None)
    return set()


def plain(route: str) -> str:
    """Without the anchors, which the resolver leaves out of what it tells of an address."""
    return re.sub(r"[\s^$]|\\Z", "", route)


def route_of(path: str) -> str:
    return plain(resolve(path).route)
