"""The doctor's eyes on what belongs to no app: database, broker, worker and beat, fonts, mail, storage."""

from __future__ import annotations

import shutil
import subprocess
import uuid
from collections.abc import Iterator
from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError

from common.diagnosis import Finding, examines, fail, ok, warn
from common.models import Heartbeat

FRESH = timedelta(seconds=120)
FULL = 0.9
FONTS = {  # family: what it is for
    "Noto Serif CJK SC": "宋体, the body of every paper",
    "LXGW WenKai": "楷体, second headings",
    "FandolFang": "仿宋, the official body type",
}


@examines("settings")
def settings_checks() -> Iterator[Finding]:
    messages = run_checks(tags=["security", "database"], databases=["default"] if _reachable() else [])
    messages = [message for message in messages if message.id and message.id.startswith("bihuan.")]
    for message in messages:
        yield (fail if message.level >= ERROR else warn)(f"{message.msg} ({message.id})", message.hint or "")
    if not messages:
        yield ok(f"{settings.DEPLOYMENT}, nothing amiss")


def _reachable() -> bool:
    try:
        connection.ensure_connection()
    except DatabaseError:
        return False
    return True


@examines("database")
def database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version'), pg_size_pretty(pg_database_size(current_database())),"
                " array(SELECT name FROM unnest(ARRAY['fsync', 'full_page_writes']) name"
                " WHERE current_setting(name) <> 'on')"
            )
            version, size, off = cursor.fetchone()
    except DatabaseError as error:
        yield fail(
            f"doesn't answer: {str(error).strip()}", "Is PostgreSQL running, and DATABASE_URL right? bin/up starts one."
        )
        return
    yield ok(f"PostgreSQL {version}, {size}")
    if off:
        yield fail(f"{', '.join(off)} is off", "After a power cut acknowledged work would be lost: switch it on.")
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        yield fail(f"{len(pending)} migrations are pending", "bin/manage migrate")


@examines("broker")
def broker() -> Iterator[Finding]:
    try:
        with current_app.connection_for_write(connect_timeout=2) as line:
            line.ensure_connection(max_retries=1, timeout=2)
            waiting = line.default_channel.client.llen(current_app.conf.task_default_queue)
            policy = line.default_channel.client.config_get("maxmemory-policy").get("maxmemory-policy")
    except (OperationalError, OSError) as error:
        advice = "Nothing is lost, but reminders wait. Is Redis running, and REDIS_URL right? bin/up starts one."
        yield fail(f"doesn't answer: {error}", advice)
        return
    yield ok(f"answers, {waiting} messages waiting")
    if policy not in (None, "noeviction"):
        yield warn(f"maxmemory-policy is {policy}", "Set it to noeviction: messages must not be thrown away unseen.")


@examines("worker and beat")
def worker_and_beat() -> Iterator[Finding]:
    if not _reachable():
        yield fail("unknown without the database", "Mend the database first.")
        return
    try:
        seen = Heartbeat.objects.filter(name="worker").values_list("seen_at", flat=True).first()
    except DatabaseError:
        yield fail("unknown before the migrations", "bin/manage migrate")
        return
    age = timezone.now() - seen if seen else None
    if age is not None and age <= FRESH:
        yield ok(f"alive {int(age.total_seconds())} s ago")
        return
    since = f"last alive {seen:%Y-%m-%d %H:%M:%S} UTC" if seen else "never seen alive"
    if _worker_answers():
        yield fail(f"the worker answers, but the beat doesn't call it; {since}", "Start the beat (bin/up does).")
    else:
        yield fail(f"no worker answers; {since}", "Start worker and beat (bin/up does); see var/log/worker.log.")


def _worker_answers() -> bool:
    try:
        return bool(current_app.control.ping(timeout=1))
    except (OperationalError, OSError):
        return False


@examines("fonts")
def fonts() -> Iterator[Finding]:
    if not shutil.which("fc-list"):
        yield fail("fontconfig is missing, no PDF can be made", "As root: apt-get install fontconfig")
        return
    for family, purpose in FONTS.items():
        listed = subprocess.run(["fc-list", family], capture_output=True, text=True, timeout=30).stdout.strip()
        if listed or any(settings.FONTS_DIR.glob(f"{family}*")):
            yield ok(family)
        else:
            yield warn(f"{family} is missing ({purpose}); another face takes its place", "bin/up as root fetches it.")


@examines("mail")
def mail() -> Iterator[Finding]:
    if not settings.EMAIL_HOST:
        yield warn("EMAIL_HOST is not set: no mail is sent", "Notices stay in the inbox. Set EMAIL_HOST to send them.")
        return
    try:
        line = get_connection()
        line.open()
        line.close()
    except OSError as error:  # smtplib's errors are among them
        yield fail(f"{settings.EMAIL_HOST} doesn't take mail: {error}", "Look at EMAIL_HOST, EMAIL_PORT, user and TLS.")
        return
    yield ok(f"{settings.EMAIL_HOST} takes mail")


@examines("storage")
def storage() -> Iterator[Finding]:
    try:
        name = default_storage.save(f"doctor/{uuid.uuid4().hex}", ContentFile(b"written by the doctor"))
        default_storage.delete(name)
    except OSError as error:
        yield fail(f"{settings.MEDIA_ROOT} can't be written: {error}", "Attachments can't be stored: mend its rights.")
        return
    usage = shutil.disk_usage(settings.MEDIA_ROOT)
    share = usage.used / usage.total
    text = f"{settings.MEDIA_ROOT} is writable, {usage.free // 2**30} GiB free"
    yield ok(text) if share < FULL else warn(f"{text}, {share:.0%} used", "Make room before writing fails.")
