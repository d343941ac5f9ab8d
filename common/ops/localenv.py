"""What a local installation keeps for itself in ``var/secrets.env``: keys made once, addresses of its services."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from common.ops.place import VAR, Place, choose_place
from common.ops.services import Postgres, Valkey, new_password

FILE = "secrets.env"
HEAD = "# Made by bin/up. Keep it with the database: without CHAIN_KEY the event chain can't be proved.\n"


def read(var: Path = VAR) -> dict[str, str]:
    path = var / FILE
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#") and "=" in line)


def write(values: dict[str, str], var: Path = VAR) -> None:
    """Replace the file in one step, readable by its owner only."""
    var.mkdir(parents=True, exist_ok=True)
    half = var / f"{FILE}.{os.getpid()}"
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(HEAD + "".join(f"{name}={value}\n" for name, value in values.items()))
    half.rename(var / FILE)


def ensure(var: Path = VAR) -> dict[str, str]:
    """The installation's own values, made when missing. Addresses are written anew: the place may have changed."""
    known = read(var)
    values = {
        "DEPLOYMENT": "local",
        **{name: known.get(name) or secrets.token_urlsafe(48) for name in ("SECRET_KEY", "CHAIN_KEY", "CODE_KEY")},
        **{name: known.get(name) or new_password() for name in ("PG_PASSWORD", "PG_SUPERUSER_PASSWORD")},
    }
    postgres, valkey = servers(choose_place(var), values)
    values |= {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}
    values |= {name: value for name, value in known.items() if name not in values}
    if values != known:
        write(values, var)
    return values


def servers(place: Place, values: dict[str, str]) -> tuple[Postgres, Valkey]:
    postgres = Postgres(place, password=values["PG_PASSWORD"], superuser_password=values["PG_SUPERUSER_PASSWORD"])
    return postgres, Valkey(place)
