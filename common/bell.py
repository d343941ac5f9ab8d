"""Ring the worker: "look now". The work itself is a row; a bell that nobody hears costs one round of the sweep.

A thread of its own does the ringing, so a request neither waits for nor fails with a Redis that is down, slow, or not
to be found by name.
"""

from __future__ import annotations

import atexit
import os
import threading

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)
FLUSH_SECONDS = 0.5  # what a command gives its last bells when it ends


def ring(task_name: str) -> None:
    """After the present transaction commits, call ``task_name``. Never fails, never blocks."""
    transaction.on_commit(lambda: _ringer.ring(task_name))


class Ringer:
    """One thread per process; equal bells that wait together are rung once."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, None] = {}
        self._busy = False
        self._thread: threading.Thread | None = None

    def ring(self, task_name: str) -> None:
        with self._changed:
            self._waiting[task_name] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until all is rung, at most ``seconds``. False when some are left."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._busy, timeout=seconds)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.notify_all()
                self._changed.wait_for(lambda: bool(self._waiting))
                names, self._waiting, self._busy = list(self._waiting), {}, True
            for name in names:
                publish(name)


def publish(task_name: str) -> None:
    try:
        current_app.send_task(task_name, retry=False, ignore_result=True, expires=60)
    except OperationalError as error:
        logger.warning("bell_not_heard", task=task_name, reason=str(error))


def _renew() -> None:
    """A forked child has no thread and must not wait for the parent's lock."""
    global _ringer
    _ringer = Ringer()


_ringer = Ringer()
os.register_at_fork(after_in_child=_renew)
atexit.register(lambda: _ringer.flush())
