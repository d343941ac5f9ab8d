"""The cast of the loop, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.actors import SYSTEM
from accounts.services import create_token
from tests.cast import District, d, monday

__all__ = ["District", "d", "monday"]


class Api:
    """``api.as_("coordinator").post("/issues/…", {…})``; without a name the caller has no account."""

    def __init__(self, d: District) -> None:
        self.d = d
        self.keys: dict[str, str] = {}

    def as_(self, username: str | None = None, **headers: str) -> Client:
        client = Client()
        if username:
            if username not in self.keys:
                actor = getattr(self.d, username)
                self.keys[username] = create_token(actor=SYSTEM, user=actor.user).key
            client.credentials(HTTP_AUTHORIZATION=f"Token {self.keys[username]}", **headers)
        elif headers:
            client.credentials(**headers)
        return client


class Client(APIClient):
    def get(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return super().get(f"/api/v1{path}", *args, **kwargs)

    def post(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        kwargs.setdefault("format", "json")
        return super().post(f"/api/v1{path}", data, **kwargs)

    def patch(self, path: str, data: Any = None, **kwargs: Any) -> Any:
        return super().patch(f"/api/v1{path}", data, format="json", **kwargs)

    def delete(self, path: str, *args: Any, **kwargs: Any) -> Any:
        return super().delete(f"/api/v1{path}", *args, **kwargs)


@pytest.fixture
def api(d: District) -> Api:
    return Api(d)
