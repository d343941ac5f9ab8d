"""Every address of the interface for programs, as everybody (see ``urls_api``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_api

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_api.TABLE, urls_api.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_api.HEAD) == row.cells, urls_api.HEAD
