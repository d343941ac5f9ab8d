"""Nothing that people type runs in a real browser; and the watch sees it where something would."""

from __future__ import annotations

import pytest

from issues.demo import cast
from tests.hostile import corpus
from tests.hostile.watch import Watch


@pytest.fixture
def watch(transactional_db, processes, browser) -> Watch:
    people = cast.build("Six-people-2026").people
    return Watch(browser, processes.web(), people["coordinator"])


def test_nothing_runs(watch):
    words = [*corpus.ALL]
    assert watch.walk(words, every=6) >= len(words) - 12
    assert watch.faults == []
    assert watch.pages > len(words) // 6


def test_what_would_run_is_seen(watch):
    """The control: the same strings as markup."""
    watch.look("/app/issues/")
    assert watch.faults == []
    watch.page.evaluate("""() => document.querySelector('main').insertAdjacentHTML('beforeend',
        '<img src="/nowhere.png" onerror="alert(1)"><iframe srcdoc="x"></iframe><img src="http://127.0.0.2:9/x.png">')""")
    watch.page.wait_for_timeout(300)
    watch.active("main")
    seen = " ".join(watch.faults)
    assert "Content Security Policy" in seen
    assert "<iframe" in seen
    assert "onerror" in seen
