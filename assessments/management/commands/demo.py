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
from issues.demo import cast, places, stories
from projects import demo as works
from projects.models import Project

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
        password, now = new_password(), clock.now()
        size = places.SMALL if options["size"] == "small" else places.whole()
        with transaction.atomic():
            people = cast.build(password, size=size, specialists=specialists)
            acts = works.acts(_players(people), now, count=projects) + months.acts(people, now)
            made = stories.play_all(people, issues=issues, days=days, acts=acts)
        self.stdout.write(f"{cast.DISTRICT}: {made} issues, {Project.objects.count()} projects")
        for role in SHOWN:
            self.stdout.write(f"{role}  {password}")


def _players(people: cast.Cast) -> works.Players:
    return works.Players(
        coordinator=people.people["coordinator"],
        statistics=people.people["statistics"],
        officer=people.officer,
        leaders=people.posts(Role.LEADER),
        specialists=people.posts(Role.SPECIALIST),
        firms=people.firms,
        units=people.units,
    )
