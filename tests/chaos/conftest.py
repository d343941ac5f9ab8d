"""Experiments with real processes: rows must be committed to be seen by them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from common import clock
from tests.cast import District


@pytest.fixture
def live(transactional_db: None, settings: Any, tmp_path: Any) -> District:
    """The cast in a committed database, at the present time (processes have no other)."""
    settings.MEDIA_ROOT = tmp_path
    with clock.at(datetime.now(UTC)):
        return District()
