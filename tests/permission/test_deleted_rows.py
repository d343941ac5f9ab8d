"""Any one row taken from the policy of the issues, and a check notices (PRODUCT.md: one policy, written once)."""

from __future__ import annotations

import pytest

from tests.permission import tables

pytestmark = pytest.mark.django_db
ROWS = tables.rows_of("issues.policy")
PART = 35  # deletions per test


def test_how_many_rows_there_are() -> None:
    """A mutator that finds no rows would prove nothing: the number is written down, and changes with the policy."""
    assert len(ROWS) == 137
    assert len({row.told for row in ROWS}) > 130
    assert sum(row.where == "PARTIES" for row in ROWS) == 26 + 35


@pytest.mark.parametrize("start", range(0, len(ROWS), PART))
def test_no_row_goes_unnoticed(world, start) -> None:
    assert tables.survivors(world, "issues.policy", ROWS[start : start + PART]) == []
