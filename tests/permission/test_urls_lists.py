"""Every address of lists, wall, chains and ledger, as everybody (see ``urls_lists``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_lists

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_lists.TABLE, urls_lists.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_lists.HEAD) == row.cells, urls_lists.HEAD
