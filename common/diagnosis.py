"""What the doctor examines. Every app may bring a ``doctor.py`` with functions marked ``@examines("…")``.

A function yields findings; its docstring is not shown. It must not raise: a part that is down is a finding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Examination = Callable[[], Iterable["Finding"]]
examinations: dict[str, Examination] = {}


@dataclass(frozen=True)
class Finding:
    """``state`` is ok, warn (works, but …) or fail; ``advice`` says what to do, for everything but ok."""

    state: str
    text: str
    advice: str = ""


def ok(text: str) -> Finding:
    return Finding("ok", text)


def warn(text: str, advice: str) -> Finding:
    return Finding("warn", text, advice)


def fail(text: str, advice: str) -> Finding:
    return Finding("fail", text, advice)


def examines(part: str) -> Callable[[Examination], Examination]:
    """Register under the name of the part; the same name again replaces it."""

    def register(examination: Examination) -> Examination:
        examinations[part] = examination
        return examination

    return register
