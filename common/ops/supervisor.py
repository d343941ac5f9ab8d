"""Web server, worker and beat under one parent: a dead one is started again, all end with it.

The children ask the kernel for a SIGTERM when this process dies (Linux), so kill -9 of the supervisor ends them too;
where that is not to be had, the next start ends them by the process ids written down here.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from common.ops.place import ROOT, VAR, say
from common.ops.process import dies_with_parent, end_process

CHILDREN = VAR / "run" / "children.json"
LOGS = VAR / "log"
LOG_LIMIT = 20 * 1024 * 1024
PATIENCE = 35  # seconds for a clean end; the worker gives a running task 30
HEAD_START = 20
STEADY = 60  # who lived that long starts again at once
LONGEST_WAIT = 30


@dataclass
class Child:
    name: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    not_before: float = 0.0
    extra_environment: dict[str, str] = field(default_factory=dict)

    def start(self, environment: dict[str, str]) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        path = LOGS / f"{self.name}.log"
        if path.exists() and path.stat().st_size > LOG_LIMIT:
            path.rename(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *self.arguments],
                cwd=ROOT,
                env={**environment, **self.extra_environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=dies_with_parent(signal.SIGTERM),
            )
        self.started = time.monotonic()

    def died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def lay_to_rest(self) -> None:
        """End what a dead child left in its process group, and decide when it may start again."""
        assert self.process is not None
        self.kill_group()
        code = self.process.returncode
        self.failures = 0 if time.monotonic() - self.started > STEADY else self.failures + 1
        wait = min(2**self.failures - 1, LONGEST_WAIT)
        self.not_before = time.monotonic() + wait
        say(f"{self.name} ended with {code}; starting it again{f' in {wait} s' if wait else ''} (see {LOGS})")
        self.process = None

    def kill_group(self) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)


def children(host: str, port: int) -> list[Child]:
    celery = ["celery", "-A", "config"]
    run = VAR / "run"
    return [
        Child(
            "web",
            ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py"],
            extra_environment={"WEB_BIND": f"{host}:{port}", "PROMETHEUS_MULTIPROC_DIR": str(run / "prometheus")},
        ),
        Child("worker", [*celery, "worker", "--concurrency=2", "--without-mingle", "--without-gossip", "-l", "INFO"]),
        Child("beat", [*celery, "beat", "-s", str(VAR / "beat-schedule"), "--pidfile=", "-l", "INFO"]),
    ]


class Supervisor:
    """Runs until asked to end. ``every_second`` names who is alive but must be started anew."""

    def __init__(
        self, crew: list[Child], environment: dict[str, str], every_second: Callable[[], Sequence[str]]
    ) -> None:
        self.crew = crew
        self.environment = environment
        self.every_second = every_second
        self.asked: list[int] = []
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, lambda number, frame: self.asked.append(number))

    def run(self, when_up: Callable[[], bool]) -> None:
        """``when_up`` is asked until it says yes: then everything serves."""
        up = False
        checked = began = time.monotonic()
        while not self.asked:
            # The first serves before the others begin: a start on a small machine is then seconds shorter.
            self.tend(self.crew if up or time.monotonic() - began > HEAD_START else self.crew[:1])
            up = up or when_up()
            if time.monotonic() - checked > 1:
                checked = time.monotonic()
                self.restart(self.every_second())
            time.sleep(0.2)
        self.stop()

    def tend(self, crew: Sequence[Child]) -> None:
        for child in crew:
            if child.died():
                child.lay_to_rest()
            if child.process is None and time.monotonic() >= child.not_before:
                child.start(self.environment)
                self.write_down()

    def restart(self, names: Sequence[str]) -> None:
        for child in self.crew:
            if child.name in names and child.process is not None:
                say(f"{child.name} is alive but doesn't work; starting it anew")
                child.kill_group()

    def write_down(self) -> None:
        half = CHILDREN.with_suffix(f".{os.getpid()}")
        half.write_text(json.dumps({child.name: child.process.pid for child in self.crew if child.process}))
        half.rename(CHILDREN)

    def stop(self) -> None:
        say("stopping")
        for child in reversed(self.crew):
            if child.process is not None and child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + PATIENCE
        for child in self.crew:
            if child.process is not None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                child.kill_group()
        CHILDREN.unlink(missing_ok=True)


def end_leftovers(path: Path = CHILDREN) -> None:
    """Children that outlived a killed supervisor: known by process id, ended only if still the same program."""
    try:
        recorded = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return
    for pid in recorded.values():
        end_process(int(pid), sys.executable, signal.SIGTERM, seconds=PATIENCE)
    path.unlink(missing_ok=True)
