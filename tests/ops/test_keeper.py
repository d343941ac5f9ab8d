"""The keeper: services run as long as somebody needs them, whoever comes, goes, or is killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest

from common.ops.place import ROOT
from common.ops.process import command_line
from tests.processes import wait_until

USER = """
import sys, time
from common.ops import keeper
with keeper.services(quiet=True) as environment:
    print(environment["DATABASE_URL"], flush=True)
    sys.stdin.readline()
if "now" in sys.argv:
    print(keeper.release_now(), flush=True)
"""


class Installation:
    """A var/ of its own with commands that hold its services."""

    def __init__(self) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="bihuan-test-var-", dir="/tmp"))
        self.var.chmod(0o755)
        named = ("DATABASE_URL", "REDIS_URL", "SUPERUSER_URL")
        self.environment = {key: value for key, value in os.environ.items() if key not in named}
        self.environment |= {"VAR_DIR": str(self.var), "KEEPER_LINGER": "1"}
        self.users: list[subprocess.Popen[str]] = []

    def user(self, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", USER, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.users.append(process)
        self.url = process.stdout.readline().strip()
        assert self.url.startswith("postgres://")
        return process

    def status(self) -> dict:
        try:
            return json.loads((self.var / "run" / "services.json").read_text())
        except FileNotFoundError:
            return {}

    def postmaster(self) -> int:
        return int((self.var / "pg" / "postmaster.pid").read_text().split()[0])

    def answers(self) -> bool:
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def end(self) -> None:
        for process in self.users:
            process.kill()
        pid = self.status().get("pid")
        if pid and "common.ops.keeper" in command_line(pid):
            os.kill(pid, signal.SIGTERM)
            wait_until(lambda: not command_line(pid), 30)
        shutil.rmtree(self.var, ignore_errors=True)


@pytest.fixture
def installation():
    made = Installation()
    yield made
    made.end()


def test_two_users_share_and_the_last_one_ends_it(installation):
    first, second = installation.user("now"), installation.user("now")
    keeper = installation.status()["pid"]
    assert first.communicate("\n", timeout=30)[0].strip() == "False"  # the other one still needs them
    assert installation.answers()
    assert second.communicate("\n", timeout=60)[0].strip() == "True"
    assert not installation.answers()
    assert command_line(keeper) == ""


def test_a_killed_user_leaves_nothing_running(installation):
    user = installation.user()
    postmaster = installation.postmaster()
    user.kill()
    user.wait()
    wait_until(lambda: not command_line(postmaster), 40, "the services still run")


def test_a_killed_server_is_started_again(installation):
    installation.user()
    before = installation.postmaster()
    os.kill(before, signal.SIGKILL)
    wait_until(installation.answers, 40, "PostgreSQL is not back")
    assert installation.postmaster() != before


def test_after_kill_9_of_all_the_next_start_has_the_data(installation):
    user = installation.user()
    connection = psycopg2.connect(installation.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 1 AS n")
    connection.close()
    for pid in (installation.status()["pid"], installation.postmaster(), user.pid):
        os.kill(pid, signal.SIGKILL)
    user.wait()
    time.sleep(0.2)
    installation.user()
    with psycopg2.connect(installation.url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT n FROM kept")
        assert cursor.fetchall() == [(1,)]
    connection.close()


def test_secrets_are_made_once_and_are_for_the_owner_only(installation):
    installation.user().communicate("\n", timeout=30)
    file = installation.var / "secrets.env"
    first = file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "CHAIN_KEY=" in first
    installation.user()
    assert file.read_text() == first
