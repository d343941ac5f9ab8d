"""The cast of the loop, with no limit on how often a stranger may try."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from issues import limits
from tests.cast import District, d, monday
from tests.hostile.drive import Driver

__all__ = ["District", "d", "monday"]


@pytest.fixture
def driver(d: District, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
    settings.SUBMIT_PER_MINUTE = settings.SUBMIT_PER_HOUR = settings.VERIFY_PER_MINUTE = 10**9
    monkeypatch.setattr(limits, "CODES_PER_ADDRESS", 10**9)
    monkeypatch.setattr(limits, "CODES_IN_ALL", 10**9)
    return Driver(d)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of the long form: how often each place was asked and what it answered."""
    total: Counter[tuple[str, str]] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, seen in getattr(report, "user_properties", []):
                if name == "hostile" and getattr(report, "when", "") == "call":
                    total.update({tuple(key): count for *key, count in seen})
    for sink in sorted({sink for sink, _ in total}):
        codes = ", ".join(f"{code}: {n}" for (place, code), n in sorted(total.items()) if place == sink)
        terminalreporter.write_line(f"{sink:24} {codes}")
