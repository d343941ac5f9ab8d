"""Each check finds what it is for, and nothing where all is well."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from config import checks

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz"
GOOD = {
    "DEPLOYMENT": "production",
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": f"{SECRET}1",
    "CHAIN_KEY": f"{SECRET}2",
    "CODE_KEY": f"{SECRET}3",
    "ALLOWED_HOSTS": ["bihuan.example"],
    "PUBLIC_URL": "https://bihuan.example",
    "EMAIL_HOST": "mail.example",
}
BAD = [
    ("SECRET_KEY", "", "bihuan.E001"),
    ("CHAIN_KEY", "", "bihuan.E001"),
    ("CODE_KEY", "", "bihuan.E001"),
    ("CHAIN_KEY", "short", "bihuan.E002"),
    ("CODE_KEY", f"{SECRET}2", "bihuan.E003"),
    ("DEPLOYMENT", "staging", "bihuan.E004"),
    ("DEBUG", True, "bihuan.E005"),
    ("ALLOWED_HOSTS", ["*"], "bihuan.E006"),
    ("ALLOWED_HOSTS", [], "bihuan.E006"),
    ("PUBLIC_URL", "http://bihuan.example", "bihuan.E007"),
    ("EMAIL_HOST", "", "bihuan.W001"),
]


@pytest.fixture
def good(settings):
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def found() -> list[str]:
    return [message.id for message in [*checks.secrets(None), *checks.production(None)]]


def test_a_good_production_has_no_finding(good):
    assert found() == []


@pytest.mark.parametrize(("name", "value", "finding"), BAD)
def test_a_bad_setting_is_found_with_advice(good, name, value, finding):
    setattr(good, name, value)
    messages = [*checks.secrets(None), *checks.production(None)]
    assert [message.id for message in messages] == [finding]
    assert all(message.hint for message in messages)


def test_locally_http_and_debug_are_allowed(good):
    good.DEPLOYMENT, good.PRODUCTION, good.DEBUG, good.PUBLIC_URL = "local", False, True, "http://localhost:8000"
    assert found() == []


def test_they_are_registered(good):
    good.CHAIN_KEY = ""
    assert "bihuan.E001" in [message.id for message in run_checks()]


@pytest.mark.django_db
def test_our_database_has_no_finding(good):
    assert [m for m in run_checks(databases=["default"]) if (m.id or "").startswith("bihuan.E01")] == []


@pytest.mark.parametrize(
    ("facts", "finding"),
    [
        (("SQL_ASCII", "C.UTF-8", False, False), "bihuan.E010"),
        (("UTF8", "C", False, False), "bihuan.E011"),
        (("UTF8", "POSIX", False, False), "bihuan.E011"),
        (("UTF8", "C.UTF-8", True, False), "bihuan.E012"),
        (("UTF8", "C.UTF-8", False, True), "bihuan.E013"),
    ],
)
def test_a_bad_database_is_found(good, facts, finding):
    messages = checks.judge_database(*facts)
    assert [message.id for message in messages] == [finding]
    assert messages[0].hint


@pytest.mark.django_db
def test_intarray_is_seen_in_a_real_database():
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION intarray")
    assert "bihuan.E012" in [message.id for message in checks.database(None, databases=["default"])]
