"""Every address of the staff's pages around the issues, as everybody (see ``urls_staff``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_staff.TABLE, urls_staff.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_staff.HEAD) == row.cells, urls_staff.HEAD
