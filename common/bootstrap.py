"""What an empty installation needs to be used. Each app registers its part in ``ready()``; ``manage.py bootstrap`` and
the demo run them all, in order, inside one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Part = Callable[[], str | None]


class _Entry(NamedTuple):
    order: int
    name: str
    part: Part


_entries: dict[str, _Entry] = {}


def register(name: str, part: Part, *, order: int = 50) -> None:
    """``part()`` makes what is missing and nothing twice, and answers with one line on what it made, or None."""
    _entries[name] = _Entry(order, name, part)


def run() -> list[tuple[str, str]]:
    """Run all parts; what each of them made."""
    done = [(entry.name, entry.part()) for entry in sorted(_entries.values())]
    return [(name, text) for name, text in done if text]
