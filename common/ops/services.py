"""Embedded PostgreSQL and Valkey: started, watched, stopped. Standard library and their wheels only."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from common.ops.place import Place, ServiceError, postgres_bin, server_dir, server_user, valkey_binary
from common.ops.process import end_orphan, launch, stop

# The application is no superuser. An empty password switches password sign-in off, which trust (tests) doesn't mind.
FIRST_STATEMENTS = r"""
    SELECT 'CREATE ROLE bihuan LOGIN CREATEDB'
     WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'bihuan') \gexec
    SELECT format('ALTER ROLE bihuan PASSWORD %L', :'password') \gexec
    SELECT 'CREATE DATABASE bihuan OWNER bihuan'
     WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'bihuan') \gexec
"""
START_SECONDS = 30  # after kill -9 the old shared memory may need seconds to be reaped
LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]


@dataclass
class Postgres:
    """One PostgreSQL cluster on a unix socket. ``durable=False`` is for tests that may lose it."""

    place: Place
    password: str = ""
    superuser_password: str = ""
    durable: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self._url("bihuan", self.password)

    @property
    def superuser_url(self) -> str:
        return self._url("postgres", self.superuser_password)

    def _url(self, user: str, password: str) -> str:
        colon = f":{password}" if password else ""
        return f"postgres://{user}{colon}@/bihuan?host={self.place.sockets}"

    def initialise(self) -> None:
        """Make the cluster beside its place and move it there when complete: a killed initdb leaves nothing half."""
        if (self.place.pg / "PG_VERSION").exists():
            return
        half = server_dir(self.place.data / f"pg-new-{os.getpid()}")
        command = [str(self.bin / "initdb"), f"--pgdata={half}", "--username=postgres", *LOCALE]
        command += [] if self.durable else ["--no-sync"]
        with self._password_file() as given:
            command += ["--auth=scram-sha-256", f"--pwfile={given}"] if given else ["--auth=trust"]
            done = subprocess.run(command, **server_user(), cwd="/", capture_output=True)
        if done.returncode:
            shutil.rmtree(half, ignore_errors=True)
            raise ServiceError(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")
        half.rename(self.place.pg)

    @contextlib.contextmanager
    def _password_file(self) -> Iterator[Path | None]:
        """initdb takes the superuser's password only from a file that its own user may read."""
        if not self.superuser_password:
            yield None
            return
        path = server_dir(self.place.data / f"pg-password-{os.getpid()}") / "password"
        path.touch(mode=0o600)
        path.write_text(f"{self.superuser_password}\n")
        if user := server_user():
            os.chown(path, user["user"], user["group"])
        try:
            yield path
        finally:
            shutil.rmtree(path.parent)

    @property
    def bin(self) -> Path:
        return postgres_bin(self.place.data / "bin")

    def settings(self) -> dict[str, str]:
        chosen = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.sockets),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "shared_buffers": "256MB" if self.durable else "128MB",
            "max_wal_size": "2GB",
            "random_page_cost": "1.1",
            "jit": "off",
            "timezone": "UTC",
        }
        if not self.durable:
            chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return chosen

    def start(self, death_signal: int = signal.SIGINT) -> None:
        """Start and wait until it answers; tries again for 30 seconds, never touches postmaster.pid."""
        self.initialise()
        end_orphan(self.place.pg / "postmaster.pid", str(self.place.pg), signal.SIGINT)
        deadline = time.monotonic() + START_SECONDS
        while True:
            self._launch(death_signal)
            if self._wait(deadline):
                break
            if time.monotonic() > deadline:
                raise ServiceError(f"PostgreSQL doesn't start; the reason is in {self.place.logs / 'postgres.log'}")
            time.sleep(0.5)
        self._ensure_database()

    def _launch(self, death_signal: int) -> None:
        command = [str(self.bin / "postgres"), "-D", str(self.place.pg)]
        for name, value in self.settings().items():
            command += ["-c", f"{name}={value}"]
        self.process = launch(command, self.place.logs / "postgres.log", death_signal)

    def _wait(self, deadline: float) -> bool:
        assert self.process is not None
        ready = [str(self.bin / "pg_isready"), "-q", "-h", str(self.place.sockets)]
        pid_file = self.place.pg / "postmaster.pid"
        while self.process.poll() is None:
            # An older postmaster may still answer; it must be ours.
            ours = pid_file.exists() and pid_file.read_text().split()[:1] == [str(self.process.pid)]
            if ours and subprocess.run(ready, **server_user(), cwd="/").returncode == 0:
                return True
            if time.monotonic() > deadline + START_SECONDS:  # crash recovery may take longer than a refusal
                self.stop()
                return False
            time.sleep(0.05)
        return False

    def _ensure_database(self) -> None:
        statements = f"\\set password '{self.password}'\n{FIRST_STATEMENTS}"
        done = subprocess.run(
            [str(self.bin / "psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.place.sockets), "-U", "postgres"],
            **server_user(),
            cwd="/",
            env={**os.environ, "PGPASSWORD": self.superuser_password, "HOME": "/"},
            input=statements.encode(),
            capture_output=True,
        )
        if done.returncode:
            raise ServiceError(f"PostgreSQL refused its first statements: {done.stderr.decode(errors='replace')}")

    def stop(self, fast: bool = True) -> None:
        if self.process is not None:
            steps = [(signal.SIGINT, 60.0)] if fast else []
            stop(self.process, *steps, (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


@dataclass
class Valkey:
    """One Valkey on a unix socket. It is the workers' doorbell: what it holds may be lost."""

    place: Place
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis+socket://{self.place.redis_socket}?virtual_host=0"

    def start(self, death_signal: int = signal.SIGTERM) -> None:
        directory = server_dir(self.place.data / "redis")
        end_orphan(directory / "valkey.pid", str(self.place.redis_socket), signal.SIGTERM)
        if not self._launch(directory, death_signal):
            # A log that can't be read back: only bells are lost, the rows are in PostgreSQL.
            directory.rename(directory.with_name(f"redis-unreadable-{int(time.time())}"))
            if not self._launch(server_dir(directory), death_signal):
                raise ServiceError(f"Valkey doesn't start; the reason is in {self.place.logs / 'valkey.log'}")

    def _launch(self, directory: Path, death_signal: int) -> bool:
        options = {
            "port": "0",
            "unixsocket": str(self.place.redis_socket),
            "unixsocketperm": "700",
            "dir": str(directory),
            "pidfile": str(directory / "valkey.pid"),
            "save": "",
            "appendonly": "yes",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        command = [str(valkey_binary(self.place.data / "bin"))]
        for name, value in options.items():
            command += [f"--{name}", value]
        self.process = launch(command, self.place.logs / "valkey.log", death_signal)
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(0.02)
        self.stop()
        return False

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(self.place.redis_socket))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, (signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))


def new_password() -> str:
    return secrets.token_urlsafe(24)
