"""Work on foreign material in a child process of bounded time and memory: what breaks there breaks alone.

A worker is a module with ``work(payload: bytes) -> bytes`` and no Django; it raises :class:`RefusedError`
for what it will not do. The child sees no secret: only the few variables that a program needs to start.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "XDG_CACHE_HOME",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
)
REFUSED, NO_MEMORY = 3, 4
PR_SET_PDEATHSIG = 1
MEBIBYTE = 1 << 20


class RefusedError(Exception):
    """The worker will not do this; the text says why, in one word or with the address that was asked for."""


class SandboxError(Exception):
    """The child was stopped or broke. ``why``: time, memory, crash."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail


@dataclass(frozen=True)
class Limits:
    cpu_seconds: int
    wall_seconds: int
    memory_mebibytes: int
    file_mebibytes: int = 256


def run(module: str, payload: bytes, limits: Limits) -> bytes:
    """What ``module.work(payload)`` gives in a child. RefusedError or SandboxError."""
    command = [sys.executable, "-m", "documents.sandbox", module, str(limits.cpu_seconds)]
    command += [str(limits.memory_mebibytes), str(limits.file_mebibytes)]
    child = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own modules
        command, cwd=ROOT, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        answer, trouble = child.communicate(payload, timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        raise SandboxError("time", f"{limits.wall_seconds} s") from None
    return _judge(child.returncode, answer, trouble.decode(errors="replace"))


def _judge(code: int, answer: bytes, trouble: str) -> bytes:
    if code == 0:
        return answer
    last = trouble.strip().splitlines()[-1:] or [""]
    if code == REFUSED:
        raise RefusedError(last[0])
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise SandboxError("time", "processor time")
    if code == NO_MEMORY:
        raise SandboxError("memory", last[0])
    raise SandboxError("crash", last[0])


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # A fixed hash seed: the same input gives the same bytes. UTF-8 whatever the locale of the server is.
    return {**passed, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "TZ": "Asia/Shanghai"}


# In the child --------------------------------------------------------------------------------------------------------


def main(module: str, cpu: str, memory: str, size: str) -> int:
    _die_with_parent()
    _limit(resource.RLIMIT_CPU, int(cpu))
    _limit(resource.RLIMIT_AS, int(memory) * MEBIBYTE)
    _limit(resource.RLIMIT_FSIZE, int(size) * MEBIBYTE)
    _limit(resource.RLIMIT_CORE, 0)
    try:
        answer = importlib.import_module(module).work(sys.stdin.buffer.read())
    except RefusedError as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    except MemoryError:
        print(f"{memory} MiB", file=sys.stderr)
        return NO_MEMORY
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()
    return 0


def _limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, value))


def _die_with_parent() -> None:
    """A worker that is killed leaves no child behind (Linux; elsewhere the processor limit ends it)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


if __name__ == "__main__":
    # Under its own name too: the workers' RefusedError and the one caught here must be one class.
    sys.modules["documents.sandbox"] = sys.modules["__main__"]
    sys.exit(main(*sys.argv[1:]))
