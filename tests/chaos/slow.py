"""The worker with a sweep in small batches that take a moment each, so that a kill falls into the middle of it."""

import os
from functools import partial

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
import django

django.setup()

from config.celery import app
from deadlines import tasks
from deadlines.services import sweep

DUE = "next_rung_at <= %(now)s"
assert DUE in sweep.STATEMENT
sweep.STATEMENT = sweep.STATEMENT.replace(DUE, f"{DUE} AND (SELECT true FROM pg_sleep(0.05))", 1)
tasks.sweep = partial(sweep.sweep, batch=10)

__all__ = ["app"]
