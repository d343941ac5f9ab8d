"""Every address of the pages of issues, as everybody (see ``urls_loop``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_loop

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_loop.TABLE, urls_loop.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_loop.HEAD) == row.cells, urls_loop.HEAD
