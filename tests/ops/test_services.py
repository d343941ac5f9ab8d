"""The embedded servers: they survive kill -9 without losing what was acknowledged, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest
import redis

from common.ops import place as places
from common.ops import process
from common.ops.place import ROOT, Place, server_dir
from common.ops.process import command_line, dies_with_parent
from common.ops.services import Postgres, Valkey

MARKER = "import time; time.sleep(600)"


@pytest.fixture
def place():
    base = Path(tempfile.mkdtemp(prefix="bihuan-test-ops-", dir="/tmp"))
    base.chmod(0o755)
    yield Place(data=base, sockets=server_dir(base / "s", 0o711), logs=base / "log")
    subprocess.run(["rm", "-rf", str(base)], check=True)


@pytest.fixture
def postgres(place):
    server = Postgres(place, password="for-the-application", superuser_password="for-the-superuser")
    server.start()
    yield server
    server.stop()


def execute(url, statement):
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_what_was_acknowledged_survives_kill_9(postgres):
    execute(postgres.url, "CREATE TABLE kept (n int)")
    for _ in range(20):
        execute(postgres.url, "INSERT INTO kept VALUES (1)")
    first = postgres.process.pid
    os.kill(first, signal.SIGKILL)
    postgres.process.wait()
    postgres.start()
    assert postgres.process.pid != first
    assert execute(postgres.url, "SELECT count(*) FROM kept") == [(20,)]


def test_a_lasting_cluster_is_durable_and_knows_chinese(postgres):
    shown = {
        name: execute(postgres.url, f"SHOW {name}")[0][0] for name in ("fsync", "full_page_writes", "listen_addresses")
    }
    assert shown == {"fsync": "on", "full_page_writes": "on", "listen_addresses": ""}
    assert execute(postgres.url, "SHOW synchronous_commit") == [("on",)]
    assert execute(postgres.url, "SELECT '督' ~ '[[:alpha:]]', lower('ÄÖ')") == [(True, "äö")]
    execute(postgres.url, "CREATE EXTENSION pg_trgm")
    assert execute(postgres.url, "SELECT cardinality(show_trgm('督办通知'))") == [(5,)]


def test_the_application_is_no_superuser_and_needs_its_password(postgres):
    assert execute(postgres.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") == [(False,)]
    with pytest.raises(psycopg2.OperationalError, match="password"):
        execute(postgres.url.replace("for-the-application", "wrong"), "SELECT 1")
    assert execute(postgres.superuser_url, "SELECT 1") == [(1,)]


def test_a_server_that_outlived_its_keeper_is_ended_and_replaced(postgres, place):
    """As after kill -9 of the keeper where the kernel can't tell its children."""
    orphan = postgres.process
    successor = Postgres(place, password="for-the-application", superuser_password="for-the-superuser")
    successor.start()
    try:
        assert orphan.wait(10) == 0
        assert execute(successor.url, "SELECT 1") == [(1,)]
    finally:
        successor.stop()


def test_a_foreign_process_with_the_recorded_number_is_left_alone(place):
    bystander = subprocess.Popen([sys.executable, "-c", MARKER])
    try:
        (place.data / "pid").write_text(f"{bystander.pid}\n")
        process.end_orphan(place.data / "pid", str(place.pg), signal.SIGKILL)
        assert bystander.poll() is None
        process.end_orphan(place.data / "pid", MARKER, signal.SIGKILL, seconds=5)  # control: ours would be ended
        assert bystander.wait(5) == -signal.SIGKILL
    finally:
        bystander.kill()


def test_valkey_keeps_its_bells_through_kill_9_and_starts_on_a_spoilt_log(place):
    valkey = Valkey(place)
    valkey.start()
    client = redis.Redis(unix_socket_path=str(place.redis_socket))
    client.set("kept", "yes")
    time.sleep(1.2)  # its log is written every second
    os.kill(valkey.process.pid, signal.SIGKILL)
    valkey.process.wait()
    valkey.start()
    assert client.get("kept") == b"yes"
    valkey.stop()
    for file in (place.data / "redis" / "appendonlydir").iterdir():
        file.write_bytes(b"spoilt")
    valkey.start()
    try:
        assert client.get("kept") is None
        assert list(place.data.glob("redis-unreadable-*"))
    finally:
        valkey.stop()


def test_children_die_with_a_killed_parent():
    code = f"""
import subprocess, sys, signal, time
from common.ops.process import dies_with_parent
child = subprocess.Popen([sys.executable, "-c", {MARKER!r}], preexec_fn=dies_with_parent(signal.SIGTERM))
print(child.pid, flush=True)
time.sleep(600)
"""
    assert dies_with_parent(signal.SIGTERM) is not None
    parent = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    assert MARKER in command_line(child)
    parent.kill()
    parent.wait()
    deadline = time.monotonic() + 5
    while MARKER in command_line(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert MARKER not in command_line(child)


@pytest.mark.parametrize("name", ["long" * 25, "with space", "闭环"])
def test_a_path_that_no_address_can_hold_gets_a_short_socket(tmp_path, name):
    var = tmp_path / name / "var"
    var.mkdir(parents=True)
    for directory in (*var.parents,):
        if Path(tempfile.gettempdir()) in directory.parents:
            directory.chmod(0o755)
    place = places.choose_place(var)
    try:
        assert len(str(place.sockets)) < places.SOCKET_LIMIT - 14
        assert name not in str(place.sockets)
        assert place.data == var
    finally:
        place.sockets.rmdir()


def test_a_directory_of_a_stranger_is_refused(tmp_path):
    stranger = tmp_path / "sock"
    stranger.mkdir()
    (tmp_path / "link").symlink_to(stranger)
    with pytest.raises(places.ServiceError, match="somebody else"):
        server_dir(tmp_path / "link")
