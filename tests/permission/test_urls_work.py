"""Every address of the work on a project, as everybody (see ``urls_work``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_work

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_work.TABLE, urls_work.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_work.HEAD) == row.cells, urls_work.HEAD
