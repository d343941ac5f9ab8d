"""Whatever is typed is words: each page has the same elements as with a harmless word; nothing runs, nothing breaks."""

from __future__ import annotations

from tests.hostile import corpus
from tests.hostile.drive import FIFTY, HARMLESS, twin


def test_typed_words_are_words(driver):
    """All strings as title, text, every other free text, search, filter and address; exports of them as well."""
    words = sorted(corpus.ALL, key=lambda one: twin(one) != HARMLESS)
    for start in range(0, len(words), FIFTY):
        driver.run(words[start : start + FIFTY])
    assert driver.faults == []
    asked = {sink for sink, _code in driver.seen}
    assert asked >= {"list", "export: csv", "export: xlsx", "staff: issue", "track: issue", "search: page"}
    assert driver.seen["form: each", 302] + driver.seen["api: create", 201] >= len(words) - 2
