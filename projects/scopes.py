"""By what a line may cover besides units and projects: names that a higher app offers.

scopes.offer_categories(lambda: [("供水", "要素保障"), …])   # in AppConfig.ready(): issues alone knows its categories
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

# Name, and the name of the one above it or nothing.
Names = Callable[[], Iterable[tuple[str, str]]]
_offered: list[Names] = []


def offer_categories(names: Names) -> None:
    """``names()`` are those that can be chosen now."""
    _offered[:] = [names]


def categories() -> list[tuple[str, str]]:
    return [pair for names in _offered for pair in names()]
