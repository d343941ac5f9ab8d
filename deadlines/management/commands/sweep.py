"""What the beat does each minute: breaches, reminders, layers, lapses."""

from __future__ import annotations

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from deadlines.services.sweep import sweep


class Command(BaseCommand):
    help = "Do all that is due: breaches, reminders, layers, lapses. Safe to run twice, or many at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="the instant to take for now; without offset Asia/Shanghai")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        if options["now"]:
            try:
                now = clock.parse(options["now"])
            except ValueError as error:
                raise CommandError(f"--now: not an ISO 8601 time: {options['now']}") from error
        with clock.at(now):
            result = sweep(clock.now())
        self.stdout.write(" ".join(f"{name}={count}" for name, count in asdict(result).items()))
