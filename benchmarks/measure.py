"""One size: fill, serve by gunicorn, measure each row and its floors, print rows as JSON."""

from __future__ import annotations

import http.client
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import django


def main(size: int, seconds: float) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    from benchmarks.fill import fill

    began = time.perf_counter()
    actors = fill(size)
    print(f"filled in {time.perf_counter() - began:.0f} s", file=sys.stderr)
    bench = Bench(size, seconds, actors)
    try:
        for row in (bench.issue_list, bench.inbox, bench.search, bench.issue_page, bench.transition, bench.sweep):
            print(json.dumps(row(), ensure_ascii=False))
    finally:
        bench.end()


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


class Bench:
    def __init__(self, size: int, seconds: float, actors: dict[str, Any]) -> None:
        self.size, self.seconds, self.actors = size, seconds, actors
        self.port = 18000 + os.getpid() % 1000
        self.server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "config.wsgi", "--config", "config/gunicorn.py"],
            env={**os.environ, "WEB_BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.cookie = self._session("coordinator")
        self._wait()
        self.ok = self._time(lambda: self._get("/healthz"))

    def end(self) -> None:
        self.server.terminate()
        self.server.wait()

    def _session(self, username: str) -> str:
        from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
        from django.contrib.sessions.backends.db import SessionStore

        user = self.actors[username].user
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        return str(session.session_key)

    def _wait(self) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                self._get("/healthz")
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _get(self, path: str) -> bytes:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> bytes:
        from django.conf import settings

        name = settings.SESSION_COOKIE_NAME
        self.line.request(method, path, body, {"Cookie": f"{name}={self.cookie}", **headers})
        answer = self.line.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
        return content

    def _time(self, work: Callable[[], Any]) -> list[float]:
        self.line.close()  # the server hangs up on an idle line; the next request opens a new one
        for _warm in range(5):
            work()
        found, end = [], time.monotonic() + self.seconds
        while time.monotonic() < end or len(found) < 20:
            began = time.perf_counter()
            work()
            found.append((time.perf_counter() - began) * 1000)
        return found

    def _bare(self, statement: str, parameters: list[Any]) -> list[float]:
        """The same rows by bare psycopg2 on one connection."""
        import psycopg2
        from django.db import connection

        line = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})
        line.autocommit = True

        def read() -> None:
            with line.cursor() as cursor:
                cursor.execute(statement, parameters)
                cursor.fetchall()

        try:
            return self._time(read)
        finally:
            line.close()

    def _queries(self, path: str) -> tuple[int, float]:
        """How many queries one request makes, and how long they took: in this process, by Django's own count."""
        from django.db import connection
        from django.test import Client
        from django.test.utils import CaptureQueriesContext

        client = Client(SERVER_NAME="127.0.0.1")
        client.force_login(self.actors["coordinator"].user)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code}")
        return len(caught), sum(float(query["time"]) for query in caught.captured_queries) * 1000

    def _row(self, work: str, path: str, statement: str, parameters: list[Any], goal: str) -> list[Any]:
        times = self._time(lambda: self._get(path))
        floor = statistics.median(self.ok) + statistics.median(self._bare(statement, parameters))
        queries, sql = self._queries(path)
        return self._line(work, times, queries, sql, floor, goal)

    def _line(self, work: str, times: list[float], queries: Any, sql: Any, floor: float, goal: str) -> list[Any]:
        p50 = statistics.median(times)
        return [
            work, self.size, f"{p50:.1f}", f"{percentile(times, 0.95):.1f}", f"{1000 / p50:.0f}", queries,
            f"{sql:.1f}" if isinstance(sql, float) else sql, f"{floor:.1f}", f"{p50 / floor:.2f}", goal, peak(),
        ]  # fmt: skip

    # --- the rows ---

    def issue_list(self) -> list[Any]:
        statement = """SELECT i.id, i.number, i.title, i.state, i.layer, i.round, i.submitted_at, i.due_at, i.yellow_at,
               i.red_at, u.name, e.name FROM issues_issue i LEFT JOIN accounts_unit u ON u.principal_id = i.lead_unit_id
               LEFT JOIN projects_enterprise e ON e.principal_id = i.enterprise_id
               WHERE i.state = ANY(%s) ORDER BY i.submitted_at DESC, i.id DESC LIMIT 51"""
        from issues.states import OPEN

        return self._row("list", "/app/issues/", statement, [[str(state) for state in OPEN]], "≤ 2.5")

    def inbox(self) -> list[Any]:
        """The coordinator's; the floor reads the first rows of one arm, as the page shows them."""
        statement = """SELECT c.id, c.kind, c.due_at, c.yellow_at, c.red_at, i.number, i.title, u.name, e.name
               FROM deadlines_clock c JOIN issues_issue i ON i.id = c.subject_id
               LEFT JOIN accounts_unit u ON u.principal_id = i.lead_unit_id
               LEFT JOIN projects_enterprise e ON e.principal_id = i.enterprise_id
               WHERE c.subject_kind = 'issue' AND c.met_at IS NULL AND c.stopped_at IS NULL
                 AND c.kind = ANY(%s) AND i.state = ANY(%s) ORDER BY c.due_at, c.id LIMIT 501"""
        kinds, states = ["acceptance", "verification", "dispute"], ["submitted", "proposed", "disputed"]
        return self._row("inbox", "/app/", statement, [kinds, states], "≤ 2.5")

    def search(self) -> list[Any]:
        from issues.services.search import fold, grams

        statement = """SELECT i.id, i.number, i.title, i.state, u.name FROM issues_issue i
               LEFT JOIN accounts_unit u ON u.principal_id = i.lead_unit_id
               WHERE i.id IN (SELECT s.issue_id FROM issues_issuesearch s WHERE s.grams @> %s::int[]
                      AND strpos(s.body, %s) > 0) AND i.state = ANY(%s)
               ORDER BY i.submitted_at DESC, i.id DESC LIMIT 51"""
        from issues.states import OPEN

        word = "供水"
        return self._row(
            "search", f"/app/issues/?q={quote(word)}", statement,
            [grams(fold(word)), word, [str(state) for state in OPEN]], "≤ 2.5",
        )  # fmt: skip

    def issue_page(self) -> list[Any]:
        from issues.models import Issue

        # one of the same shape at every size: on a leader's line, so that the same people are named
        issue = Issue.objects.filter(state="handling", leader__isnull=False).order_by("-submitted_at")[10]
        statement = """SELECT i.*, b.text, e.body, c.kind, c.due_at, c.met_at FROM issues_issue i
               JOIN issues_issuebody b ON b.issue_id = i.id JOIN issues_event e ON e.issue_id = i.id
               LEFT JOIN deadlines_clock c ON c.subject_kind = 'issue' AND c.subject_id = i.id WHERE i.number = %s"""
        return self._row("issue page", f"/app/issues/{issue.number}/", statement, [issue.number], "≤ 2.5")

    def transition(self) -> list[Any]:
        """feed_back over HTTP, beside the bare transaction: lock, update, event, clock."""
        import psycopg2
        from django.db import connection

        from accounts.actors import SYSTEM
        from accounts.services import create_token
        from issues.models import Issue

        unit = self.actors["officer20"].posts[0].unit_id
        issue = Issue.objects.filter(state="handling", lead_unit_id=unit).order_by("-submitted_at").first()
        if issue is None:
            raise RuntimeError("no issue in handling")
        key = create_token(actor=SYSTEM, user=self.actors["officer20"].user).key
        version = issue.version

        def act() -> None:
            nonlocal version
            body = json.dumps({"version": version, "text": "已现场踏勘"}).encode()
            answer = self._ask(
                "POST", f"/api/v1/issues/{issue.number}/actions/feed_back/", body,
                **{"Content-Type": "application/json", "Authorization": f"Token {key}", "Cookie": ""},
            )  # fmt: skip
            version = json.loads(answer)["version"]

        times = self._time(act)
        line = psycopg2.connect(**connection.get_connection_params() | {"cursor_factory": None})

        def bare() -> None:
            with line, line.cursor() as cursor:
                cursor.execute("SELECT * FROM issues_issue WHERE id = %s FOR NO KEY UPDATE", [issue.pk])
                cursor.execute(
                    "UPDATE deadlines_clock SET met_at = now() WHERE subject_kind = 'issue' AND subject_id = %s"
                    " AND kind = 'progress' AND met_at IS NULL AND stopped_at IS NULL RETURNING id",
                    [issue.pk],
                )
                cursor.execute(COPY_CLOCK, [issue.pk])
                cursor.execute(COPY_EVENT, [issue.pk])
                cursor.execute(
                    "UPDATE issues_issue SET event_seq = event_seq + 1, version = version + 1 WHERE id = %s", [issue.pk]
                )

        floor = statistics.median(self.ok) + statistics.median(self._time(bare))
        line.close()
        return self._line("transition", times, "–", "–", floor, "≤ 3")

    def sweep(self) -> list[Any]:
        """A tenth of all open clocks is due at once; beside it the bare statements that write the same rows."""
        from django.db import connection

        from common import clock
        from deadlines.models import Clock
        from deadlines.services.sweep import sweep

        due = max(100, self.size // 10)
        now = clock.now()
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE deadlines_clock SET next_rung = 'breach', next_rung_at = %s, due_at = %s, met_at = NULL,"
                " breached_at = NULL, red_at = %s, candidate_at = %s, imported = false WHERE id IN"
                " (SELECT id FROM deadlines_clock WHERE kind = 'acceptance' AND stopped_at IS NULL LIMIT %s)",
                [
                    now - timedelta(minutes=1),
                    now - timedelta(minutes=1),
                    now + timedelta(days=3),
                    now + timedelta(days=5),
                    due,
                ],
            )
            ids = list(Clock.objects.filter(kind="acceptance", met_at__isnull=True).values_list("pk", flat=True))
            began = time.perf_counter()
            cursor.execute("BEGIN")
            cursor.execute(BARE_CLAIM, [ids])
            cursor.execute(BARE_REMIND, [now, ids])
            cursor.execute(BARE_NOTICE, [now, ids, self.actors["coordinator"].user.pk])
            floor = (time.perf_counter() - began) * 1000
            cursor.execute("ROLLBACK")
        before = peak()
        began = time.perf_counter()
        result = sweep(now)
        took = (time.perf_counter() - began) * 1000
        return [
            f"sweep of {result.clocks}", self.size, f"{took:.0f}", "–", f"{result.clocks / took * 1000:.0f}", "–", "–",
            f"{floor:.0f}", f"{took / floor:.2f}", "≤ 2", f"+{peak() - before}",
        ]  # fmt: skip


def peak() -> int:
    """The peak of this process's memory in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def columns_of(table: str, skip: tuple[str, ...]) -> str:
    from django.apps import apps

    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    return ", ".join(f.column for f in model._meta.concrete_fields if f.column not in skip)


COPY_CLOCK = COPY_EVENT = ""
BARE_CLAIM = (
    "UPDATE deadlines_clock SET breached_at = due_at, next_rung = 'escalate', next_rung_at = red_at WHERE id = ANY(%s)"
)
BARE_REMIND = (
    "INSERT INTO deadlines_reminder"
    " (clock_id, rung, due_at, rung_at, recorded_at, imported, effect_attempts, effect_error)"
    " SELECT id, 'breach', due_at, due_at, %s, false, 0, '' FROM deadlines_clock WHERE id = ANY(%s)"
)
BARE_NOTICE = (
    "INSERT INTO notices_notice (key, user_id, kind, word, ref, path, due_at, created_at, urgent)"
    " SELECT 'bare:' || c.id || ':' || u.id, u.id, 'breach', 'breach.acceptance', subject_ref, '/', due_at, %s, false"
    " FROM deadlines_clock c, accounts_user u WHERE c.id = ANY(%s) AND u.id = %s"
)


def prepare_floors() -> None:
    """The bare transaction writes a clock and an event with all their columns, copied from the last of the issue."""
    global COPY_CLOCK, COPY_EVENT
    clock_columns = columns_of("deadlines_clock", ("id", "met_at"))
    COPY_CLOCK = (
        f"INSERT INTO deadlines_clock ({clock_columns}) SELECT {clock_columns} FROM deadlines_clock"
        " WHERE subject_kind = 'issue' AND subject_id = %s AND kind = 'progress' ORDER BY id DESC LIMIT 1"
    )
    event_columns = columns_of("issues_event", ("id", "seq"))
    COPY_EVENT = (
        f"INSERT INTO issues_event (seq, {event_columns}) SELECT seq + 1, {event_columns} FROM issues_event"
        " WHERE issue_id = %s ORDER BY seq DESC LIMIT 1"
    )


if __name__ == "__main__":
    django.setup()
    prepare_floors()
    main(int(sys.argv[1]), float(sys.argv[2]))
