"""Bring database and files to what the code expects, in one process: migrations, texts, static files, first data."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command, get_commands
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from common.ops import messages
from common.ops.place import VAR, say

UNUSED = ["rest_framework", "redoc", "ext", "htmx-4*", "htmax-4*"]  # what libraries bring for pages that we don't have
LOGINS = VAR / "demo-logins.txt"


def main(empty: bool) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    messages.compile_all()
    django.setup()
    migrate()
    collect_static()
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True, mode=0o750)
    if not apps.get_model(settings.AUTH_USER_MODEL)._default_manager.exists():
        first_data(empty)
    return 0


def migrate() -> None:
    """Django's command looks through all content types even when nothing is pending; a start shall take seconds."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with sign_of_life("bringing the database up to date"):
            call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> None:
    """Only when a source changed: with the compressed copies it takes seconds."""
    if settings.PLAIN_STATIC:
        return
    digest = hashlib.sha256(django.__version__.encode())
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}\n".encode())
    stamp = Path(settings.STATIC_ROOT) / ".sources"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    with sign_of_life("collecting static files"):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=UNUSED)
    stamp.write_text(digest.hexdigest())


@contextlib.contextmanager
def sign_of_life(text: str) -> Iterator[None]:
    """Say what is being done, and every few seconds that it still is."""
    say(text)
    began, done = time.monotonic(), threading.Event()

    def tell() -> None:
        while not done.wait(10):
            say(f"  still {text.split()[0]}, {time.monotonic() - began:.0f} s")

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def first_data(empty: bool) -> None:
    command = "bootstrap" if empty else "demo"
    if command not in get_commands():
        say(f"there is no command {command}: the database stays empty")
        return
    if empty:
        call_command("bootstrap")
        return
    heard = io.StringIO()
    with sign_of_life("loading the demo district 临江区 (small)"):
        call_command("demo", size="small", stdout=heard)
    # The passwords exist nowhere else in the clear; the next start shows them again.
    descriptor = os.open(LOGINS, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(heard.getvalue())


if __name__ == "__main__":
    sys.exit(main("--empty" in sys.argv[1:]))
