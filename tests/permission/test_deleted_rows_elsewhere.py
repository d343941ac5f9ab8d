"""As ``test_deleted_rows``, for all other policies, the engine, and the sets of roles that many share."""

from __future__ import annotations

import pytest

from accounts import policy as engine
from tests.permission import mutants, shared, tables

pytestmark = pytest.mark.django_db
# How many rows each has: a mutator that finds none would prove nothing.
NUMBER = {
    "accounts.rules": 65,
    "projects.policy": 202,
    "deadlines.policy": 12,
    "documents.policy": 5,
    "assessments.policy": 17,
    "notices.policy": 4,
}


@pytest.mark.parametrize("name", NUMBER)
def test_no_row_goes_unnoticed(world, name) -> None:
    rows = tables.rows_of(name)
    assert len(rows) == NUMBER[name]
    assert tables.survivors(world, name, rows) == []


def test_no_policy_is_left_out() -> None:
    assert set(tables.POLICIES) == {"issues.policy", *NUMBER}


def test_no_row_of_the_engine_goes_unnoticed(world) -> None:
    rows = [row for row in mutants.mutants(engine) if row.where in ("readers_of", "subtree_of")]
    assert len(rows) == 5
    assert [row.told for row in rows if not any(shared.of_engine(world, row.policy))] == []
    assert list(shared.of_engine(world, mutants.load(engine))) == []


@pytest.mark.parametrize("name", shared.SHARED)
def test_no_role_of_a_shared_set_goes_unnoticed(world, name) -> None:
    roles = shared.SHARED[name]
    assert len(roles) == {"UNIT_ROLES": 2, "OPERATIONAL_ROLES": 4, "OUTSIDERS": 2, "NO_PAPERS": 5}[name]
    assert [role for role in roles if not any(shared.of_set(world, name, roles - {role}))] == []
    assert list(shared.of_set(world, name, roles)) == []
