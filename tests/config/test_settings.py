"""Settings that must not drift: each stands for a promise made elsewhere."""

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

import config.settings as declared
from common.ops.place import ROOT


def test_the_time_zone_and_language_are_the_districts():
    assert settings.TIME_ZONE == "Asia/Shanghai"
    assert settings.USE_TZ is True
    assert settings.LANGUAGE_CODE == "zh-hans"


def test_a_message_that_a_dead_worker_held_is_given_to_another():
    assert settings.CELERY_TASK_ACKS_LATE is True
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST is True
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["unacked_restore_throttle"] == 1
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT


def test_no_task_is_put_off_in_the_broker():
    """An eta lives in Redis, and Redis may be lost. A schedule is a row."""
    sources = [path for app in settings.BASE_DIR.glob("*/") for path in app.glob("**/*.py") if _ours(path)]
    found = [f"{path}" for path in sources if re.search(r"\b(eta|countdown)=", path.read_text())]
    assert len(sources) > 50
    assert found == []


def _ours(path: Path) -> bool:
    top = path.relative_to(settings.BASE_DIR).parts[0]
    return top not in {".venv", "var", "tests"} and not top.startswith(".")


def test_passwords_are_hashed_slowly_outside_tests():
    assert declared.PASSWORD_HASHERS == ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]


def test_no_address_serves_uploads():
    assert settings.MEDIA_URL in ("", "/")


@pytest.mark.django_db
def test_a_page_may_not_hold_the_database_for_long():
    code = """
import config.wsgi
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])
"""
    assert run(code, DEPLOYMENT="local") == "30s"
    with connection.cursor() as cursor:  # control: a command may
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.parametrize(
    "name", ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"]
)
def test_production_insists_on_https(name):
    code = f"import config.settings as s; print(bool(s.{name}))"
    assert run(code, DEPLOYMENT="production") == "True"
    assert run(code, DEPLOYMENT="local") == "False"


def test_secrets_of_a_local_installation_do_not_reach_production(tmp_path):
    (tmp_path / "secrets.env").write_text("DEPLOYMENT=local\nCHAIN_KEY=from-the-file\n")
    code = "import config.settings as s; print(s.DEPLOYMENT, s.CHAIN_KEY)"
    assert run(code, DEPLOYMENT="production", VAR_DIR=str(tmp_path), CHAIN_KEY="") == "production"
    assert run(code, VAR_DIR=str(tmp_path), without=["DEPLOYMENT", "CHAIN_KEY"]) == "local from-the-file"


def run(code: str, without: list[str] | None = None, **changes: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name not in (without or [])}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={**environment, **changes}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_production_passes_djangos_own_examination():
    good = {
        **{name: secrets.token_hex(40) for name in ("SECRET_KEY", "CHAIN_KEY", "CODE_KEY")},
        "DEPLOYMENT": "production",
        "ALLOWED_HOSTS": "bihuan.example",
        "PUBLIC_URL": "https://bihuan.example",
        "EMAIL_HOST": "mail.example",
    }

    def examine(**changes: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
        environment = {**os.environ, **good, **changes}
        environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # a browser test in this process sets it
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert examine().returncode == 0, examine().stderr
    assert "bihuan.E005" in examine(DEBUG="1").stderr  # control
