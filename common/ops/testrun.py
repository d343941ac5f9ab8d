"""``bin/test``: checks and tests against a throwaway PostgreSQL and Valkey.

    bin/test                         lint, checks, the whole suite with the browser part
    bin/test tests/issues -k refuse  only these tests, pytest's arguments

Any number may run at once; each has its own servers in its own directory, ended with it even by kill -9.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from common.ops import messages, system
from common.ops.place import ROOT, VAR, Place, ServiceError, say, server_dir
from common.ops.services import Postgres, Valkey

PREFIX = "bihuan-test-"
LINT = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["lint-imports"],
    ["djlint", "templates", "--lint", "--quiet"],
    ["mypy"],
    [sys.executable, "manage.py", "check", "--fail-level", "WARNING"],
    [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    [sys.executable, "bin/messages", "check"],
]


def main(arguments: list[str]) -> int:
    whole = not arguments
    browser = _opens_pages(arguments)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    try:
        system.install(system.RUN + system.TOOLS + (system.BROWSER if browser else []))
        with throwaway() as environment:
            messages.compile_all()
            with template(environment):
                failed = lint(environment) if whole else []
            code = pytest(arguments or ["-n", "2", "--dist", "loadgroup", "tests"], environment)
    except ServiceError as error:
        print(error, file=sys.stderr)
        return 1
    for command in failed:
        say(f"FAILED: {command}")
    return code or int(bool(failed))


def _opens_pages(arguments: list[str]) -> bool:
    """Chromium is a large package: it is installed for whom it may be needed by, not for single files elsewhere."""
    named = [argument for argument in arguments if (ROOT / argument.split("::")[0]).exists()]
    needing = ("browser", "hostile")
    return not named or any(path.strip("./") == "tests" or any(word in path for word in needing) for path in named)


def lint(environment: dict[str, str]) -> list[str]:
    """The names of the checks that failed; two at a time, told in their order."""

    def run(command: list[str]) -> tuple[subprocess.CompletedProcess[str], float]:
        began = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        return done, time.monotonic() - began

    failed = []
    with ThreadPoolExecutor(2) as pool:
        for command, (done, seconds) in zip(LINT, pool.map(run, LINT), strict=True):
            shown = " ".join(Path(part).name if part == sys.executable else part for part in command)
            say(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {shown} ({seconds:.1f} s)")
            if done.returncode:
                failed.append(shown)
                print(done.stdout, done.stderr, file=sys.stderr, flush=True)
    return failed


@contextlib.contextmanager
def template(environment: dict[str, str]) -> Iterator[None]:
    """Migrates the database that each worker of pytest copies its own from (see tests/conftest.py), meanwhile."""
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        yield
    if process.returncode:
        raise ServiceError("The migrations failed.")


def pytest(arguments: list[str], environment: dict[str, str]) -> int:
    """pytest prints its own closing line last."""
    process = subprocess.Popen([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)


@contextlib.contextmanager
def throwaway() -> Iterator[dict[str, str]]:
    """Servers in a directory of their own, gone afterwards. fsync is off: nothing here is to outlive the run; a test
    of durability starts a cluster of its own (``Postgres(place, durable=True)``)."""
    _sweep_leftovers()
    base = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    base.chmod(0o755)
    with (base / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (base / "static").mkdir()
        place = Place(data=base, sockets=server_dir(base / "s", 0o711), logs=base / "log")
        postgres, valkey = Postgres(place, durable=False), Valkey(place)
        try:
            postgres.start(death_signal=signal.SIGQUIT)
            valkey.start(death_signal=signal.SIGKILL)
            yield environment(base, postgres, valkey)
        finally:
            valkey.stop()
            postgres.stop(fast=False)
            shutil.rmtree(base, ignore_errors=True)


def environment(base: Path, postgres: Postgres, valkey: Valkey) -> dict[str, str]:
    """What a process needs to run against the throwaway servers; nothing of ``var/`` leaks in."""
    return {
        **os.environ,
        "DEPLOYMENT": "local",
        "VAR_DIR": str(base),
        "SECRET_KEY": "test-secret-key-0123456789-abcdefghijklmnopqrstuvwxyz",
        "CHAIN_KEY": "test-chain-key-0123456789-abcdefghijklmnopqrstuvwxyz",
        "CODE_KEY": "test-code-key-0123456789-abcdefghijklmnopqrstuvwxyz",
        "DATABASE_URL": postgres.url,
        "SUPERUSER_URL": postgres.superuser_url,
        "REDIS_URL": valkey.url,
        "PLAIN_STATIC": "1",
        "LOG_LEVEL": "WARNING",
        "FONTS_DIR": str(VAR / "fonts"),
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "PYTHONPATH": str(ROOT),
        "TZ": "UTC",
    }


def _sweep_leftovers() -> None:
    """Directories of runs that were killed: nobody holds their lock any more."""
    for base in Path("/tmp").glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (base / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
