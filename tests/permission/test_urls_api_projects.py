"""The addresses of the interface for enterprises and projects, as everybody (see ``urls_api_projects``)."""

from __future__ import annotations

import pytest

from tests.permission import probe, urls_api_projects

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("row", probe.read(urls_api_projects.TABLE, urls_api_projects.HEAD), ids=str)
def test_who_may(asked, row) -> None:
    assert asked.cells(row.method, row.address, urls_api_projects.HEAD) == row.cells, urls_api_projects.HEAD
