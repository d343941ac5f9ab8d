"""R6 in its short form: two people act on one issue at the same moment, 200 rounds over HTTP with real connections.

One winner each time, the other is told who did what; with the lock switched off the same test shows the race.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from accounts.actors import SYSTEM, Actor
from accounts.services import create_token
from issues.models import Event, Issue
from issues.services.chain import verify_chain
from tests.processes import free_port

ROUNDS = 200
CONTROL_ROUNDS = 60


class Person:
    """One keep-alive connection with a key."""

    def __init__(self, url: str, actor: Actor) -> None:
        self.line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.key = create_token(actor=SYSTEM, user=actor.user).key

    def feed_back(self, number: str, version: int, text: str) -> tuple[int, dict]:
        body = json.dumps({"version": version, "text": text})
        headers = {"Authorization": f"Token {self.key}", "Content-Type": "application/json"}
        self.line.request("POST", f"/api/v1/issues/{number}/actions/feed_back/", body.encode(), headers)
        answer = self.line.getresponse()
        content = answer.read()
        return answer.status, json.loads(content) if "json" in answer.getheader("Content-Type", "") else {}


def rounds(url: str, issue: Issue, people: tuple[Actor, Actor], count: int) -> Counter:
    """Both begin each round with the version that they both read. Returns how often which pair of answers came."""
    first, second = (Person(url, actor) for actor in people)
    seen: Counter = Counter()
    for n in range(count):
        version = Issue.objects.values_list("version", flat=True).get(pk=issue.pk)
        gate, answers = threading.Barrier(2), {}

        def act(person: Person, name: str, version=version, n=n, gate=gate, answers=answers) -> None:
            gate.wait()
            answers[name] = person.feed_back(issue.number, version, f"{name} {n}")

        threads = [threading.Thread(target=act, args=pair) for pair in ((first, "甲"), (second, "乙"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        (a, told_a), (b, told_b) = answers["甲"], answers["乙"]
        seen[tuple(sorted((a, b)))] += 1
        for status, told in ((a, told_a), (b, told_b)):
            if status == 409:
                assert told["version"] == version + 1
                assert told["by"], told
                assert told["at"]
    return seen


def test_one_winner_each_round_and_the_other_is_told(live, processes):
    issue = live.signed()
    seen = rounds(processes.web(), issue, (live.officer, live.head), ROUNDS)
    assert seen == {(200, 409): ROUNDS}
    assert Event.objects.filter(issue=issue, kind="feed_back").count() == ROUNDS
    assert verify_chain()[1] is None


def test_with_the_lock_switched_off_there_is_a_race(live, processes):
    """The control: the experiment above can fail."""
    issue = live.signed()
    with unlocked(processes) as url:
        seen = rounds(url, issue, (live.officer, live.head), CONTROL_ROUNDS)
    assert seen[(200, 409)] < CONTROL_ROUNDS


@contextmanager
def unlocked(processes) -> Iterator[str]:
    port = free_port()
    process = processes.start(
        "gunicorn",
        "tests.chaos.unlocked",
        "--config",
        "config/gunicorn.py",
        log="unlocked",
        WEB_BIND=f"127.0.0.1:{port}",
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            line.request("GET", "/healthz")
            line.getresponse().read()
            break
        except OSError:
            assert process.poll() is None, (processes.logs / "unlocked.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.2)
    yield f"http://127.0.0.1:{port}"
