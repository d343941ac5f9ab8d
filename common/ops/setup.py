"""Before there is an environment: make ``.venv`` from the hashed lock, then go on inside it.

Runs on a bare python3 (3.11 or newer), so the standard library is all there is.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ENOUGH = (3, 11)
MODULES = {
    "up": "common.ops.up",
    "manage": "common.ops.manage",
    "test": "common.ops.testrun",
    "messages": "common.ops.messages",
    "bench": "benchmarks.run",
}


def say(text: str) -> None:
    print(f"· {text}", file=sys.stderr, flush=True)


def enter(command: str, arguments: list[str], lock: str = "base") -> None:
    """Become ``command`` inside the environment; never returns."""
    need_python()
    environment(lock)
    os.chdir(ROOT)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.execv(PYTHON, [str(PYTHON), "-m", MODULES[command], *arguments])


def need_python() -> None:
    """Go on with a newer python3 if this one is too old, or say what is missing."""
    if sys.version_info >= ENOUGH:
        return
    for minor in range(20, 10, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, *sys.argv])
    sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")


def environment(lock: str) -> None:
    """``.venv`` holds what ``requirements/<lock>.txt`` says. Nothing to do when it did so the last time."""
    requirements = ROOT / "requirements" / f"{lock}.txt"
    want = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f".{lock}"
    if _stamped(stamp, want):
        return
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "venv.lock").open("a") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # two commands at once on a fresh checkout
        if not _stamped(stamp, want):
            _make(requirements)
            stamp.write_text(want)


def _stamped(stamp: Path, want: str) -> bool:
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == want


def _make(requirements: Path) -> None:
    if not PYTHON.exists() or subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode:
        say(f"making {VENV}")
        shutil.rmtree(VENV, ignore_errors=True)
        _venv()
    say(f"installing {requirements.relative_to(ROOT)} (about a minute the first time)")
    if _uv():
        command = [VENV / "bin" / "uv", "pip", "install", "--quiet", "--python", PYTHON]
    else:
        command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*command, "--require-hashes", "-r", requirements]).returncode:
        sys.exit("The packages could not be installed (see above). Is a package index within reach?")


def _venv() -> None:
    done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if done.returncode and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing python3-venv")
        subprocess.run(["apt-get", "update", "-qq"])
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv"], check=True)
        shutil.rmtree(VENV, ignore_errors=True)
        done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"No virtual environment can be made; install python3-venv.\n{done.stdout}{done.stderr}")


def _uv() -> bool:
    """uv is quicker; without it pip does the same."""
    if (VENV / "bin" / "uv").exists():
        return True
    lock = ROOT / "requirements" / "uv.txt"
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r", lock]
    return subprocess.run(command, capture_output=True).returncode == 0
