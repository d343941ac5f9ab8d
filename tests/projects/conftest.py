"""The cast of the tests of projects."""

from __future__ import annotations

import pytest

from accounts.actors import Actor
from accounts.roles import Role
from tests.accounts import cast


@pytest.fixture
def coordinator(db: None) -> Actor:
    return cast.actor(Role.COORDINATOR)


@pytest.fixture
def officer(db: None) -> Actor:
    return cast.actor(Role.UNIT_OFFICER)


@pytest.fixture
def security_admin(db: None) -> Actor:
    return cast.actor(Role.SECURITY_ADMIN)
