"""The worker and the beat. PostgreSQL holds what must not be lost; a message here only says "look now"."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("bihuan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
