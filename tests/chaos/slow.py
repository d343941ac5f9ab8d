"""Workers whose sweep takes small batches, each a moment long, so that a kill falls into the middle of it.

``python -m tests.chaos.slow`` imports all that a worker needs once; then each line it reads, the name of a log, makes
it fork a worker in a process group of its own and print that one's number: ten workers for the price of one start.
"""

import os
import signal
import sys
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django

django.setup()

from common.ops.process import dies_with_parent
from config.celery import app
from deadlines import tasks
from deadlines.services import sweep

DUE = "next_rung_at <= %(now)s"
assert DUE in sweep.STATEMENT
sweep.STATEMENT = sweep.STATEMENT.replace(DUE, f"{DUE} AND (SELECT true FROM pg_sleep(0.05))", 1)
tasks.sweep = partial(sweep.sweep, batch=10)
WORKER = ["worker", "--concurrency=1", "--without-mingle", "--without-gossip", "-l", "INFO"]


def work(log: str) -> None:
    """Never returns."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    app.worker_main(WORKER)
    os._exit(0)


def main() -> None:
    app.loader.import_default_modules()
    app.finalize()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the killed
    end_with_us = dies_with_parent(signal.SIGKILL)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            if end_with_us:
                end_with_us()
            work(line.strip())
        print(child, flush=True)


if __name__ == "__main__":
    main()
