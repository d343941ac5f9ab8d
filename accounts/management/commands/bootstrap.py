"""What an empty installation needs to be used (API.md, Commands). Run again, it makes only what is missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts import bootstrap
from common import bootstrap as parts

DEFAULT_DISTRICT = "临江区"


class Command(BaseCommand):
    help = "Make district, units, master data, the three administrators and one coordinator; passwords are shown once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", default=DEFAULT_DISTRICT, metavar="NAME", help="name of the district")
        parser.add_argument("--phone", default="", help="phone of the office in charge, shown on the public pages")

    @transaction.atomic
    def handle(self, *args: Any, district: str, phone: str, **options: Any) -> None:
        made = [("district", bootstrap.district(district, phone)), ("units", bootstrap.units()), *parts.run()]
        accounts = bootstrap.people()
        for name, text in made:
            if text:
                self.stdout.write(f"{name}: {text}")
        for account in accounts:
            self.stdout.write(f"{account.user.username}  {account.password}")
        if accounts:
            self.stdout.write("These passwords are shown once. Hand each to its person.")
        elif not any(text for _name, text in made):
            self.stdout.write("Everything is there already; passwords are not shown again.")
