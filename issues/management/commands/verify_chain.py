"""manage.py verify_chain: proves the event chain and the audit trail; exit 1 and the first broken link and entry where
they were tampered with, else what beside them is not as it was written."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.trail import verify_trail
from issues.models import Issue
from issues.services import proofs
from issues.services.chain import verify_chain


class Command(BaseCommand):
    help = "Prove the event chain and the audit trail"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--issue", metavar="N", help="only the issue of this number")

    def handle(self, *args: Any, **options: Any) -> None:
        if number := options["issue"]:
            count, wrong = self._one(number)
            told = [f"{count} events proved"]
        else:
            count, wrong = proofs.prove()
            trail = verify_trail()
            wrong += [f"BROKEN {trail.broken}"] if trail.broken else []
            told = [f"{count} events proved", str(trail)]
        for line in wrong:
            self.stderr.write(line)
        if wrong:
            sys.exit(1)
        for line in told:
            self.stdout.write(line)

    def _one(self, number: str) -> tuple[int, list[str]]:
        issue_id = Issue.objects.filter(number=number).values_list("pk", flat=True).first()
        if issue_id is None:
            raise CommandError(f"There is no issue {number}")
        count, broken = verify_chain(issue_id=issue_id)
        return count, [proofs.in_words(broken)] if broken else []
