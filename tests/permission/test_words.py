"""What is written in an issue reaches nobody who may not read it, whichever way it comes: lists, one issue, its events,
clocks and files, decisions, exports (see ``rows`` for who may read what)."""

from __future__ import annotations

import re

import pytest

from tests.permission import rows
from tests.permission.people import HEAD
from tests.permission.probe import Probe

pytestmark = pytest.mark.django_db
WORD = re.compile("(" + "|".join(word for word in rows.WORDS if word.isupper()) + r")-([a-z]+)\b")
LISTS = ("/api/v1/issues/?page_size=100", "/api/v1/decisions/", "/app/issues/export/csv/")
OF_ONE = ("", "events/")
ONES = ("own", "commercial", "anonymous", "observed", "complaint", "typed")


def told(asked: Probe, sign: str, address: str) -> set[tuple[str, str]]:
    """(word, issue) of all that stands in the answer."""
    response = asked.ask(sign, "GET", address)
    if response.status_code != 200:
        return set()
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return set(WORD.findall(body.decode()))


def over(sign: str, found: set[tuple[str, str]]) -> list[str]:
    """What one reads and may not."""
    table = rows.read()

    def may(word: str, issue: str) -> bool:
        letter = table[issue][sign]
        return letter != "." and all(rows.FIELDS[letter][n] for n in rows.WORDS[word])

    return sorted(f"{word}-{issue}" for word, issue in found if not may(word, issue))


@pytest.mark.parametrize("sign", HEAD)
def test_no_word_reaches_who_may_not_read_it(asked, sign) -> None:
    addresses = [*LISTS, *(f"/api/v1/issues/{{{one}}}/{part}" for one in ONES for part in OF_ONE)]
    found = set().union(*(told(asked, sign, address) for address in addresses))
    assert over(sign, found) == []


def test_the_words_are_there_for_who_may_read_them(asked) -> None:
    """The control: the answers hold the words, and what is there for one is too much for another."""
    found = told(asked, "k", "/api/v1/issues/{own}/") | told(asked, "k", "/api/v1/issues/{own}/events/")
    assert {"TITLE", "TEXT", "FEED", "PUBL", "NEED"} <= {word for word, _issue in found}
    assert over("k", found) == []
    assert "FEED-own" in over("e", found)
    assert "TITLE-own" in over("x", found)
