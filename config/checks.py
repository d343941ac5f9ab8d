"""What must not be wrong when Bihuan starts. Each finding has an id and says what to do.

``manage.py check`` runs those of the settings, ``manage.py check --database default`` (and ``migrate``) those of the
database as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

SECRETS = ("SECRET_KEY", "CHAIN_KEY", "CODE_KEY")
SHORTEST_SECRET = 32


def secrets(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E001 missing, E002 too short, E003 one value for two purposes."""
    found: list[CheckMessage] = []
    values = {name: _setting(name) for name in SECRETS}
    for name, value in values.items():
        if not value:
            hint = "Locally use bin/manage; in production put it into the environment (README, production)."
            found.append(Error(f"{name} is not set.", hint=hint, id="bihuan.E001"))
        elif len(value) < SHORTEST_SECRET:
            hint = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one."
            found.append(Error(f"{name} has fewer than {SHORTEST_SECRET} characters.", hint=hint, id="bihuan.E002"))
    given = [value for value in values.values() if value]
    if len(set(given)) < len(given):
        hint = "Who learns one key must not hold another one with it."
        found.append(Error("Two of SECRET_KEY, CHAIN_KEY and CODE_KEY are equal.", hint=hint, id="bihuan.E003"))
    return found


def _setting(name: str) -> str:
    """Django itself raises for an empty SECRET_KEY; here it is a finding like the others."""
    try:
        return str(getattr(settings, name))
    except ImproperlyConfigured:
        return ""


def production(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """E004 unknown DEPLOYMENT, E005 DEBUG, E006 any host, E007 plain http, W001 no mail."""
    if settings.DEPLOYMENT not in ("production", "local"):
        hint = "production or local"
        return [Error(f"DEPLOYMENT is {settings.DEPLOYMENT!r}.", hint=hint, id="bihuan.E004")]
    if not settings.PRODUCTION:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        hint = "Its error pages show settings and data to everybody. Remove DEBUG from the environment."
        found.append(Error("DEBUG is on in production.", hint=hint, id="bihuan.E005"))
    if "*" in settings.ALLOWED_HOSTS or not settings.ALLOWED_HOSTS:
        hint = "Name the host names in ALLOWED_HOSTS, separated by commas."
        found.append(Error("ALLOWED_HOSTS admits any host name, or none.", hint=hint, id="bihuan.E006"))
    if not settings.PUBLIC_URL.startswith("https://"):
        hint = "Set PUBLIC_URL to the address that the public types; rating links in mail begin with it."
        found.append(Error("PUBLIC_URL doesn't begin with https://", hint=hint, id="bihuan.E007"))
    if not settings.EMAIL_HOST:
        hint = "Without EMAIL_HOST notices stay in the inbox, and nobody outside gets a rating link by mail."
        found.append(Warning("No mail is sent.", hint=hint, id="bihuan.W001"))
    return found


def database(app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """E010 encoding, E011 locale, E012 intarray, E013 superuser in production."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                """
                SELECT pg_encoding_to_char(d.encoding), coalesce(to_jsonb(d) ->> 'datlocale', d.datctype),
                       EXISTS (SELECT FROM pg_extension WHERE extname = 'intarray'),
                       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                  FROM pg_database d WHERE d.datname = current_database()
                """
            )
            found += judge_database(*cursor.fetchone())
    return found


def judge_database(encoding: str, locale: str, intarray: bool, superuser: bool) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if encoding != "UTF8":
        hint = "initdb --encoding=UTF8 --locale=C.UTF-8, then restore."
        found.append(Error(f"The database's encoding is {encoding}.", hint=hint, id="bihuan.E010"))
    if locale.upper().replace("-", "") in ("C", "POSIX"):
        hint = "Letters outside ASCII have no case and are no letters there. initdb --locale=C.UTF-8, then restore."
        found.append(Error(f"The database's locale is {locale}.", hint=hint, id="bihuan.E011"))
    if intarray:
        hint = "Its && operator hides the one that the index on readers serves. DROP EXTENSION intarray;"
        found.append(Error("The extension intarray is installed.", hint=hint, id="bihuan.E012"))
    if superuser and settings.PRODUCTION:
        hint = (
            "A superuser may switch off the triggers that keep the event log. Use a role that only owns the database."
        )
        found.append(Error("The application is a database superuser.", hint=hint, id="bihuan.E013"))
    return found
