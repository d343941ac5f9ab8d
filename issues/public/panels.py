"""Figures of the front page. Who computes them lies above this app and plugs in here (``assessments/apps.py``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.translation import get_language

from common import clock

MINUTES = 10


@dataclass(frozen=True)
class Figure:
    """A share in plain words: ``text`` says what was counted, so that the number needs no explanation."""

    label: str
    numerator: int
    denominator: int
    text: str


@dataclass(frozen=True)
class Panel:
    title: str
    figures: list[Figure]


_sources: list[Callable[[], Panel | None]] = []


def register(source: Callable[[], Panel | None]) -> None:
    """``source()`` gives the panel of the last full month, or None while there is nothing to show."""
    _sources[:] = [source]


def panel() -> Panel | None:
    """The panel; computed at most every ten minutes, as anybody may ask for it as often as they like."""
    if not _sources:
        return None
    key = f"public-panel:{clock.today():%Y-%m}:{get_language()}"
    return cache.get_or_set(key, _sources[0], MINUTES * 60)
