"""What the machine itself must have: libraries and fonts for the PDFs, tools, a browser for the tests.

Root on a Debian-like system gets what is missing by apt. Everybody else is told what is missing and what won't work.
"""

from __future__ import annotations

import ctypes
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from common.ops.place import say


@dataclass(frozen=True)
class Need:
    package: str
    there: Callable[[], bool]
    without: str


def library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def font(family: str) -> bool:
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", family], capture_output=True, text=True).stdout.strip())


def tool(*names: str) -> bool:
    return any(shutil.which(name) for name in names)


def need_library(package: str, name: str, without: str) -> Need:
    return Need(package, functools.partial(library, name), without)


RUN = [
    need_library("libpango-1.0-0", "libpango-1.0.so.0", "no PDF can be made"),
    need_library("libpangoft2-1.0-0", "libpangoft2-1.0.so.0", "no PDF can be made"),
    need_library("libharfbuzz-subset0", "libharfbuzz-subset.so.0", "PDFs take up to fifteen times as long"),
    Need("fontconfig", functools.partial(tool, "fc-list"), "no PDF can be made"),
    Need(
        "fonts-noto-cjk", functools.partial(font, "Noto Serif CJK SC"), "PDFs fall back to the packaged Noto SC fonts"
    ),
    Need("fonts-lxgw-wenkai", functools.partial(font, "LXGW WenKai"), "楷体 in PDFs falls back to 宋体"),
]
TOOLS = [
    Need("gettext", functools.partial(tool, "xgettext"), "the catalogue of texts can't be checked"),
    Need("poppler-utils", functools.partial(tool, "pdftotext"), "the tests of papers fail"),
]
BROWSER = [Need("chromium", functools.partial(tool, "chromium", "chromium-browser"), "the browser tests fail")]


def install(needs: Sequence[Need]) -> list[Need]:
    """Get what is missing; gives what is missing still."""
    missing = [need for need in needs if not need.there()]
    if missing and os.geteuid() == 0 and shutil.which("apt-get") and not os.environ.get("BIHUAN_NO_APT"):
        names = sorted({need.package for need in missing})
        say(f"installing by apt: {' '.join(names)} (may take a minute)")
        apt("install", "-y", "-qq", "--no-install-recommends", *names)
        missing = [need for need in needs if not need.there()]
    for need in missing:
        say(f"missing: {need.package} — {need.without}. As root: apt-get install {need.package}")
    return missing


def fetch_fangsong(fonts: Path) -> None:
    """仿宋 for the official papers: the Fandol fonts, unpacked from TeX's package without installing it. Tried once;
    without them the papers fall back to 宋体."""
    tried = fonts / ".tried"
    if tried.exists() or font("FandolFang") or any(fonts.glob("FandolFang*")):
        return
    if not (tool("apt-get") and tool("dpkg-deb")) or os.environ.get("BIHUAN_NO_APT"):
        return
    say("fetching the 仿宋 font (50 MB, once)")
    fonts.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        if apt("download", "texlive-lang-chinese", cwd=scratch):
            package = next(Path(scratch).glob("*.deb"))
            subprocess.run(["dpkg-deb", "-x", str(package), scratch], check=True)
            for source in Path(scratch).rglob("Fandol*.otf"):
                shutil.copy(source, fonts / source.name)
    tried.touch()


def apt(*arguments: str, cwd: str | None = None) -> bool:
    """One apt-get command; refreshes the lists and tries again when it fails."""
    options = ["-o", "DPkg::Lock::Timeout=180", "-o", "APT::Sandbox::User=root"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

    def run(*words: str) -> bool:
        command = ["apt-get", *options, *words]
        done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True)
        if done.returncode:
            say(f"apt-get {words[0]} failed: {done.stderr.strip().splitlines()[-1:] or done.returncode}")
        return done.returncode == 0

    return run(*arguments) or (run("update", "-qq") and run(*arguments))
