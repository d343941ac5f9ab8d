"""Every address of the life of a project, as everybody (see ``urls_life``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_life

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_life.TABLE, urls_life.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_life.HEAD) == row.cells, urls_life.HEAD
