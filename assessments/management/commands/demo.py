"""manage.py demo: fill an empty database with 临江区, which does not exist (API.md, commands)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from accounts.passwords import new_password
from accounts.roles import Role
from assessments import demo as months
from common import clock
from issues.demo import cast, stories

# projects, specialists, issues, days back
SIZES = {"small": (12, 4, 68, 80), "district": (245, 120, 400, 365), "city": (1000, 400, 1500, 365)}
SHOWN = tuple(str(role) for role in Role)


class Command(BaseCommand):
    help = "Fill an empty database with the fictional district 临江区"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--size", choices=list(SIZES), default="small")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError("The database holds data already; the demo goes into an empty one only.")
        projects, specialists, issues, days = SIZES[options["size"]]
        password = new_password()
        with transaction.atomic():
            people = cast.build(password, projects=projects, specialists=specialists)
            made = stories.play_all(people, issues=issues, days=days, acts=months.acts(people, clock.now()))
        self.stdout.write(f"{cast.DISTRICT}: {made} issues")
        for role in SHOWN:
            self.stdout.write(f"{role}  {password}")
