"""gunicorn's own settings, the same under bin/up and in the container."""

import os
from pathlib import Path

from prometheus_client import multiprocess

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
preload_app = True  # imported once, shared by the workers; common/bell.py begins anew in each
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
if os.path.isdir("/dev/shm"):
    worker_tmp_dir = "/dev/shm"

FIGURES = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
if FIGURES:
    # Before the application is imported: its counters open their files at once. Those of processes that are no more
    # would be counted for ever.
    Path(FIGURES).mkdir(parents=True, exist_ok=True)
    for file in Path(FIGURES).glob("*.db"):
        file.unlink()


def child_exit(server, worker):
    if FIGURES:
        multiprocess.mark_process_dead(worker.pid)
