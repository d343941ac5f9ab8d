"""The process that keeps the embedded services while somebody needs them.

``bin/up`` and ``bin/manage`` hold a shared lock on ``var/run/users.lock``; the kernel frees it even after kill -9.
The keeper starts PostgreSQL and Valkey, starts a dead one again, and ends both when nobody holds that lock any more.
So any number of commands may come and go in any order, and nothing is left running behind the last one.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO

from common.ops import localenv
from common.ops.place import ROOT, VAR, ServiceError, choose_place, say
from common.ops.services import Postgres, Valkey

RUN = VAR / "run"
STATUS = RUN / "services.json"
POLL = 0.3
LINGER = float(
    os.environ.get("KEEPER_LINGER", "10")
)  # seconds: a row of bin/manage calls shall not start PostgreSQL for each


def open_lock(name: str) -> IO[str]:
    RUN.mkdir(parents=True, exist_ok=True)
    return (RUN / name).open("a")


def try_lock(file: IO[str], how: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wanted() -> tuple[bool, bool]:
    """Which services are to be embedded: those that the environment does not name."""
    return "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ


# The side of those who need the services ----------------------------------------------------------------------------


@contextlib.contextmanager
def services(quiet: bool = False) -> Iterator[dict[str, str]]:
    """Hold the services for the length of the block; gives the environment that leads to them."""
    values = localenv.ensure()
    environment = {**values, **os.environ}
    if not any(wanted()):
        yield environment
        return
    with open_lock("users.lock") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        ensure_running(quiet)
        yield environment


def ensure_running(quiet: bool = False) -> None:
    """Start the keeper unless it runs, and wait until its services answer."""
    with open_lock("start.lock") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        if not running():
            if not quiet:
                say("starting PostgreSQL and Valkey")
            STATUS.unlink(missing_ok=True)
            _spawn()
        deadline = time.monotonic() + 120
        while (status := _status()).get("state") != "ready":
            if status.get("state") == "failed":
                raise ServiceError(str(status["message"]))
            if time.monotonic() > deadline:
                raise ServiceError(f"The services don't answer; see {VAR / 'log'}")
            time.sleep(0.05)


def running() -> bool:
    with open_lock("keeper.lock") as lock:
        return not try_lock(lock)


def release_now(seconds: float = 70) -> bool:
    """After the block: stop the services at once unless somebody else holds them. True when they are stopped."""
    pid = _status().get("pid")
    if running() and isinstance(pid, int):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGUSR1)  # in place of lingering
    deadline = time.monotonic() + seconds
    while running() and time.monotonic() < deadline:
        with open_lock("users.lock") as users:
            # Not exclusive but shared: another user holds it. Neither: the keeper holds it and is stopping.
            if not try_lock(users) and try_lock(users, fcntl.LOCK_SH):
                return False
        time.sleep(0.2)
    return not running()


def _spawn() -> None:
    log_dir = VAR / "log"
    log_dir.mkdir(parents=True, exist_ok=True)
    with (log_dir / "keeper.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "common.ops.keeper"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    while not STATUS.exists():
        if process.poll() is not None:
            raise ServiceError(f"The keeper of the services ended at once; see {log_dir / 'keeper.log'}")
        time.sleep(0.02)


def _status() -> dict[str, object]:
    try:
        found = json.loads(STATUS.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return dict(found)


# The keeper's own side ----------------------------------------------------------------------------------------------


def _tell(state: str, message: str = "") -> None:
    half = STATUS.with_suffix(f".{os.getpid()}")
    half.write_text(json.dumps({"pid": os.getpid(), "state": state, "message": message}))
    half.rename(STATUS)


def _revive(servers: list[Postgres | Valkey]) -> None:
    for server in servers:
        if server.process is None or server.process.poll() is not None:
            say(f"{type(server).__name__} is being started")
            server.start()


def keep() -> int:
    """Run until nobody needs the services; 0 when all was stopped cleanly."""
    lock, users = open_lock("keeper.lock"), open_lock("users.lock")
    if not try_lock(lock):
        return 0
    _tell("starting")
    asked: list[int] = []
    for sig in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
        signal.signal(sig, lambda number, frame: asked.append(number))
    postgres, valkey = localenv.servers(choose_place(VAR), localenv.read())
    want_postgres, want_valkey = wanted()
    servers: list[Postgres | Valkey] = ([postgres] if want_postgres else []) + ([valkey] if want_valkey else [])
    try:
        _revive(servers)
        _tell("ready")
        last_needed = time.monotonic()
        while not {signal.SIGTERM, signal.SIGINT} & set(asked):
            if not try_lock(users):
                last_needed = time.monotonic()
                asked.clear()
            elif asked or time.monotonic() - last_needed > LINGER:
                break  # holding the lock: who comes now waits until all is stopped, then starts anew
            else:
                fcntl.flock(users, fcntl.LOCK_UN)
            time.sleep(POLL)
            _revive(servers)
    except ServiceError as error:
        _tell("failed", str(error))
        return 1
    finally:
        valkey.stop()
        postgres.stop()
    STATUS.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(keep())
