"""The doctor names what is wrong and what to do; exit 1 on a fault."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from common import doctor as common_doctor
from common.models import Heartbeat
from config import doctor as config_doctor

pytestmark = pytest.mark.django_db
NOWHERE = "redis+socket:///nowhere/redis.sock"


def states(examination) -> list[str]:
    findings = list(examination())
    assert all(finding.advice for finding in findings if finding.state != "ok")
    return [finding.state for finding in findings]


def run() -> tuple[str, int]:
    out = StringIO()
    try:
        call_command("doctor", stdout=out, no_color=True)
    except SystemExit as end:
        return out.getvalue(), int(end.code)
    return out.getvalue(), 0


def test_every_part_is_examined():
    text, code = run()
    parts = ("settings", "database", "broker", "worker and beat", "fonts", "mail", "storage", "calendar", "outbox")
    assert [part for part in parts if f"  {part}: " not in text] == []
    assert code == 1  # no worker runs here


def test_a_fresh_heartbeat_is_well_and_an_old_one_is_not():
    Heartbeat.objects.create(name="worker", seen_at=timezone.now())
    assert states(common_doctor.worker_and_beat) == ["ok"]
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=121))
    assert states(common_doctor.worker_and_beat) == ["fail"]


def test_the_database_and_its_settings():
    # fsync is off in the throwaway cluster, and the doctor says so.
    assert states(common_doctor.database) == ["ok", "fail"]


def test_the_broker(settings, monkeypatch):
    assert states(common_doctor.broker) == ["ok"]
    monkeypatch.setattr(common_doctor.current_app, "connection_for_write", _refuse)
    assert states(common_doctor.broker) == ["fail"]


def _refuse(*args, **kwargs):
    raise OSError("refused")


def test_mail(settings):
    settings.EMAIL_HOST = ""
    assert states(common_doctor.mail) == ["warn"]
    settings.EMAIL_HOST = "127.0.0.1"
    assert states(common_doctor.mail) == ["ok"]
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = "django.core.mail.backends.smtp.EmailBackend", 1
    assert states(common_doctor.mail) == ["fail"]


def test_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert states(common_doctor.storage)[0] in ("ok", "warn")
    assert list(tmp_path.rglob("*.*")) == []  # what it wrote is gone
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    assert states(common_doctor.storage) == ["fail"]


def test_settings(settings):
    assert states(common_doctor.settings_checks) == ["ok"]
    settings.CHAIN_KEY = ""
    assert states(common_doctor.settings_checks) == ["fail"]


def test_the_calendar_and_the_outbox_are_judged():
    assert set(states(config_doctor.calendar_coverage)) <= {"ok", "warn", "fail"}
    assert states(config_doctor.outbox) == ["ok"]
