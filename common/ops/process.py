"""Starting and ending programs so that none is left behind. Standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from common.ops.place import say, server_user


def dies_with_parent(sig: int) -> Callable[[], None] | None:
    """A preexec function: the kernel sends ``sig`` to the child when its parent dies, kill -9 included (Linux)."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(1, sig)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    return ask


def stop(process: subprocess.Popen[bytes], *steps: tuple[int, float]) -> None:
    """Send each signal in turn and wait its seconds, until the process is gone."""
    for sig, seconds in steps:
        if process.poll() is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(sig)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


def launch(command: list[str], log_file: Path, death_signal: int) -> subprocess.Popen[bytes]:
    """A server of its own session, as the servers' user, its output in ``log_file``."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as log:
        return subprocess.Popen(
            command,
            **server_user(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=dies_with_parent(death_signal),
        )


def end_orphan(pid_file: Path, marker: str, sig: int, seconds: float = 60) -> None:
    """End a server that outlived its keeper: the recorded process, only if its command line names our ``marker``."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return
    end_process(pid, marker, sig, seconds)


def end_process(pid: int, marker: str, sig: int, seconds: float = 60) -> None:
    """Signal ``pid`` once, wait, and kill it when it doesn't go; nothing if it is another program by now."""
    if marker not in command_line(pid):
        return
    say(f"ending process {pid}, left over from before")
    os.kill(pid, sig)
    deadline = time.monotonic() + seconds
    while marker in command_line(pid):
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)


def command_line(pid: int) -> str:
    """The command line of a live process; empty for none or a zombie."""
    done = subprocess.run(["ps", "-ww", "-o", "stat=,args=", "-p", str(pid)], capture_output=True, text=True)
    status, _, arguments = done.stdout.strip().partition(" ")
    return "" if status.startswith("Z") else arguments
