"""Real processes against the test database: web server, worker, beat. For races and kills, where threads won't do.

    def test_race(transactional_db, processes):
        url = processes.web()
        worker = processes.worker()
        processes.kill(worker)          # kill -9 of the whole group

Rows must be committed to be seen by them, hence ``transactional_db``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection

from common.ops.place import ROOT
from common.ops.process import dies_with_parent

PATIENCE = 60


def environment(**changes: str) -> dict[str, str]:
    """The environment of a child that works on this test's database."""
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"].replace("/bihuan?", f"/{name}?")
    return {**os.environ, "DATABASE_URL": url, "MEDIA_ROOT": str(settings.MEDIA_ROOT), **changes}


def free_port() -> int:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


class Processes:
    """What one test started; :meth:`end` leaves nothing behind."""

    def __init__(self) -> None:
        self.running: list[subprocess.Popen[bytes]] = []
        self.logs = Path(tempfile.mkdtemp(prefix="processes-", dir=os.environ["VAR_DIR"]))

    def start(self, *arguments: str, log: str = "process", **changes: str) -> subprocess.Popen[bytes]:
        """``python -m …`` in a process group of its own."""
        with (self.logs / f"{log}.log").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                cwd=ROOT,
                env=environment(**changes),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGKILL),
            )
        self.running.append(process)
        return process

    def web(self, **changes: str) -> str:
        """gunicorn as in production; gives its address once it answers."""
        port = free_port()
        process = self.start(
            *("gunicorn", "config.wsgi", "--config", "config/gunicorn.py"),
            log="web",
            WEB_BIND=f"127.0.0.1:{port}",
            **changes,
        )
        url = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert process.poll() is None, (self.logs / "web.log").read_text()
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(f"{url}/healthz", timeout=2)
                return url
            time.sleep(0.1)
        raise AssertionError((self.logs / "web.log").read_text())

    def worker(self, concurrency: int = 2, **changes: str) -> subprocess.Popen[bytes]:
        options = [f"--concurrency={concurrency}", "--without-mingle", "--without-gossip", "-l", "INFO"]
        return self.start("celery", "-A", "config", "worker", *options, log="worker", **changes)

    def beat(self, **changes: str) -> subprocess.Popen[bytes]:
        schedule = self.logs / f"beat-{len(self.running)}"
        return self.start(
            *("celery", "-A", "config", "beat", "-s", str(schedule), "--pidfile=", "-l", "INFO"), log="beat", **changes
        )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """kill -9 of the process and all its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def end(self) -> None:
        for process in self.running:
            self.kill(process)


def wait_until(condition, seconds: float = PATIENCE, message: str | Callable[[], str] = "") -> None:
    """Ask ``condition`` until it says yes; fails with ``message`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, (message() if callable(message) else message) or f"not within {seconds} s"
        time.sleep(0.1)
