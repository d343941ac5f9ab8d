"""The cast of the tests of accounts: one actor per role that matters here."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.roles import Role
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
