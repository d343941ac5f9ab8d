"""The cast of the tests of accounts: one actor per role that matters here."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts import audit
from accounts.actors import Actor
from accounts.roles import Role
from accounts.services import trail
from tests.accounts import cast


@pytest.fixture
def system_admin(db: None) -> Actor:
    return cast.actor(Role.SYSTEM_ADMIN)


@pytest.fixture
def security_admin(db: None) -> Actor:
    return cast.actor(Role.SECURITY_ADMIN)


@pytest.fixture
def audit_admin(db: None) -> Actor:
    return cast.actor(Role.AUDIT_ADMIN)


@pytest.fixture
def officer(db: None) -> Actor:
    return cast.actor(Role.UNIT_OFFICER)


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The book of audit roots, of this test alone."""
    path = tmp_path / "audit-anchors.jsonl"
    monkeypatch.setattr(trail, "book", lambda: path)
    return path


@pytest.fixture
def entries(db: None) -> list[int]:
    """The numbers of seven audit entries that say all an entry can say but user and post."""
    actor = Actor(user=None, address="2001:DB8::1", request_id="r-1")
    return [audit.record(actor, "change_unit", "unit", name, changes={"name": [name, "新"]}).pk for name in "ABCDEFG"]
