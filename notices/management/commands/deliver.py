"""``deliver [--retry-dead]``: send what is due now, without a worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.actors import SYSTEM
from common import clock
from notices import delivery, services


class Command(BaseCommand):
    help = "Send the mail that is due now. With --retry-dead, give dead letters five new attempts first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry-dead", action="store_true")
        parser.add_argument("--seconds", type=float, default=60, help="stop after about so long (default 60)")

    def handle(self, *args: Any, retry_dead: bool, seconds: float, **options: Any) -> None:
        if not delivery.configured():
            self.stdout.write("No mail server is configured: set EMAIL_HOST.")
        if retry_dead:
            self.stdout.write(f"{services.retry(actor=SYSTEM, at=clock.now())} dead letters get five new attempts.")
        self.stdout.write(f"{delivery.deliver(seconds=seconds)} messages left.")
