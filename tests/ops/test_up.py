"""bin/up from beginning to end, in a var/ of its own: serve, be killed, serve again, stop."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from common.ops.place import ROOT
from common.ops.process import command_line
from common.ops.supervisor import Child
from tests.processes import free_port, wait_until


class Installation:
    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="bihuan-test-up-", dir="/tmp"))
        self.var.chmod(0o755)
        self.port = free_port()
        named = ("DATABASE_URL", "REDIS_URL", "SUPERUSER_URL", "MEDIA_ROOT", "EMAIL_BACKEND")
        self.environment = {key: value for key, value in os.environ.items() if key not in named}
        self.environment |= {"VAR_DIR": str(self.var), "BIHUAN_NO_APT": "1", "KEEPER_LINGER": "1"}

    def up(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "common.ops.up", "--empty", "--port", str(self.port)]
        with (self.var / "up.out").open("ab") as output:
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=output, stderr=output)

    def output(self) -> str:
        return (self.var / "up.out").read_text()

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def members(self) -> list[int]:
        """Every process of this installation: its environment or its working directory names our var/."""
        found = []
        for process in psutil.process_iter():
            try:
                ours = process.environ().get("VAR_DIR") == str(self.var) or process.cwd().startswith(str(self.var))
            except (psutil.Error, OSError):
                continue
            if ours and process.pid != os.getpid():
                found.append(process.pid)
        return found

    def kill_all(self) -> None:
        for pid in self.members():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


@pytest.fixture
def installation():
    made = Installation()
    yield made
    made.kill_all()
    shutil.rmtree(made.var, ignore_errors=True)


def test_it_serves_survives_kill_9_of_everything_and_stops_cleanly(installation):
    first = installation.up()
    wait_until(lambda: installation.get("/readyz") == 200, 180, installation.output)
    wait_until(lambda: "worker" in json.loads((installation.var / "run" / "children.json").read_text()), 60)
    secrets = (installation.var / "secrets.env").read_text()
    assert f"serves at http://localhost:{installation.port}" in installation.output()
    children = json.loads((installation.var / "run" / "children.json").read_text())
    assert set(children) == {"web", "worker", "beat"}

    second = installation.up()
    assert second.wait(60) == 1
    assert "Already running" in installation.output()

    installation.kill_all()
    first.wait(10)
    again = installation.up()
    wait_until(lambda: installation.get("/readyz") == 200, 120, installation.output)
    assert (installation.var / "secrets.env").read_text() == secrets

    again.send_signal(signal.SIGINT)
    assert again.wait(60) == 0
    wait_until(lambda: not installation.members(), 20, lambda: f"still running: {installation.members()}")
    assert installation.get("/healthz") == 0


def test_a_taken_port_is_said_before_anything_starts(installation):
    import socket

    with socket.socket() as line:
        line.bind(("127.0.0.1", installation.port))
        line.listen()
        assert installation.up().wait(60) == 1
    assert f"Port {installation.port}" in installation.output()
    assert not (installation.var / "pg").exists()


def test_a_dead_child_waits_longer_each_time_it_dies_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr("common.ops.supervisor.LOGS", tmp_path)
    child = Child("never", ["no_such_module"])
    waits = []
    for _ in range(4):
        child.start(dict(os.environ))
        child.process.wait(30)
        assert child.died()
        before = time.monotonic()
        child.lay_to_rest()
        waits.append(round(child.not_before - before))
    assert waits == [1, 3, 7, 15]
    assert "no_such_module" in (tmp_path / "never.log").read_text()


def test_a_steady_child_starts_again_at_once(monkeypatch, tmp_path):
    monkeypatch.setattr("common.ops.supervisor.LOGS", tmp_path)
    child = Child("steady", ["timeit", "-n", "1", "-r", "1", "pass"])
    child.start(dict(os.environ))
    child.process.wait(30)
    child.started -= 3600
    child.lay_to_rest()
    assert child.not_before <= time.monotonic()
    assert command_line(os.getpid())
