"""A paper takes seconds to set; one test sets a real one, the others take the text of its source."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from documents.source import Source


@pytest.fixture
def quick_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    def render(source: Source) -> Any:
        return SimpleNamespace(pdf=source.dump(), pages=1)

    monkeypatch.setattr(Source, "render", render)
