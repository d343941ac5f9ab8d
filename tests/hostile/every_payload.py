"""The long form, run by name: every string of a file of JSON lines ({"payload": "…"}) through all of it.

    HOSTILE_PAYLOADS=FILE bin/test tests/hostile/every_payload.py -n 2 -q

``HOSTILE_PART=1000:2000`` takes only these lines. The figures stand at the end of the output.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from issues.demo import cast
from tests.hostile import papers
from tests.hostile.drive import FIFTY, HARMLESS, Driver, twin
from tests.hostile.watch import Watch

SHARDS = 24


def payloads() -> list[str]:
    lines = Path(os.environ["HOSTILE_PAYLOADS"]).read_text(encoding="utf-8").split("\n")
    first, _, last = os.environ.get("HOSTILE_PART", ":").partition(":")
    found = [json.loads(line)["payload"] for line in lines if line.strip()]
    return found[int(first or 0) : int(last) if last else None]


def told(shard: int, driver: Driver) -> None:
    """HOSTILE_REPORT: a folder in which what was seen so far stands while it runs."""
    if folder := os.environ.get("HOSTILE_REPORT"):
        seen = [[*key, n] for key, n in sorted(driver.seen.items())]
        Path(folder, f"{shard}.json").write_text(json.dumps({"faults": driver.faults, "seen": seen}, indent=1))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_every_payload(driver: Driver, shard: int, record_property) -> None:
    words = sorted(payloads()[shard::SHARDS], key=lambda one: twin(one) != HARMLESS)
    for start in range(0, len(words), FIFTY):
        driver.run(words[start : start + FIFTY])
        told(shard, driver)
    record_property("hostile", [("strings", "all", len(words)), *((*key, n) for key, n in driver.seen.items())])
    assert driver.faults == []


@pytest.mark.parametrize("paper", [papers.bulletin, papers.redcard])
def test_every_payload_on_paper(paper, record_property) -> None:
    """Three hundred strings to a paper, the bulletin and the red card in turn."""
    words, made = payloads(), 0
    for start in range(0 if paper is papers.bulletin else 300, len(words), 600):
        part = words[start : start + 300]
        assert papers.faults(paper(part), part) == []
        made += 1
    record_property("hostile", [(f"paper: {paper.__name__}", "made", made)])


def test_every_payload_in_a_browser(transactional_db, processes, browser, record_property) -> None:
    watch = Watch(browser, processes.web(), cast.build("Six-people-2026").people["coordinator"])
    words = payloads()
    kept = watch.walk(words)
    record_property("hostile", [("browser", "strings kept", kept), ("browser", "pages", watch.pages)])
    assert watch.faults == []
    assert watch.pages > len(words)
