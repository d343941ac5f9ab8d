"""Fixtures for all tests, and the house rule: nothing is skipped, nothing is expected to fail."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.chromium import browser
from tests.no_avoiding import pytest_sessionfinish, pytest_terminal_summary
from tests.processes import Processes

__all__ = ["browser", "pytest_sessionfinish", "pytest_terminal_summary"]


def pytest_configure(config: pytest.Config) -> None:
    # Hundreds of fixture users: a strong hash would be most of the run. The real one is asserted in tests/config.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each worker copies the migrated database that bin/test made, instead of migrating its own.
    settings.DATABASES["default"].setdefault("TEST", {})["TEMPLATE"] = settings.DATABASES["default"]["NAME"]
    # Imports leave a million objects that stay: looking through them again and again costs more than it frees.
    gc.set_threshold(50_000, 20, 50)


# Directories whose single tests take long, most of it waiting: they come first, so that no worker is left with one.
SLOW = ("chaos", "hostile", "browser", "ops", "notices")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name not in SLOW)


@pytest.fixture(autouse=True)
def _media(tmp_path_factory: pytest.TempPathFactory, settings) -> None:
    """Uploads and papers of a test lie in a directory of its own."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media", numbered=True)


@pytest.fixture
def processes() -> Iterator[Processes]:
    """Real web servers, workers and beats on the test database (see tests/processes.py)."""
    started = Processes()
    yield started
    started.end()
