"""manage.py import_ledger FILE: take over an existing issue ledger with its history (API.md, commands)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from accounts.roles import GROUP_OF_KIND
from issues.services.ledger.load import RefusedError, Report, import_ledger
from issues.services.ledger.parse import BadFileError

SHOWN = 50


class Command(BaseCommand):
    help = "Take over an issue ledger (.csv or .xlsx) with its history"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument("--rejects", type=Path, help="write bad rows there and take the good ones")
        parser.add_argument(
            "--create-units",
            metavar="TYPE",
            choices=[str(kind) for kind in GROUP_OF_KIND],
            help="make unknown units, as responsible units of this kind",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}")
        try:
            report = import_ledger(
                path=path,
                actor=SYSTEM,
                create_units=options["create_units"],
                rejects=options["rejects"],
                dry_run=options["dry_run"],
                progress=self.progress,
            )
        except BadFileError as error:
            raise CommandError(f"{path.name}: {error}") from None
        except RefusedError as error:
            self.bad(error.report)
            raise CommandError(
                f"{error.report.rejected} of {error.report.rows} rows are bad: nothing was imported. "
                "Mend them, or name a file with --rejects."
            ) from None
        self.report(report, dry=options["dry_run"])

    def progress(self, done: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} rows", ending="")

    def bad(self, report: Report) -> None:
        for cell in report.bad[:SHOWN]:
            self.stderr.write(str(cell))
        if len(report.bad) > SHOWN:
            self.stderr.write(f"… and {len(report.bad) - SHOWN} more bad cells")

    def report(self, report: Report, *, dry: bool) -> None:
        self.bad(report)
        say = self.stdout.write
        say(f"rows: {report.rows}")
        say(f"imported: {report.imported}" + (" (dry run: nothing written)" if dry else ""))
        say(f"unchanged: {report.unchanged}")
        say(f"rejected: {report.rejected}")
        say(f"units made: {len(report.units)}")
        say(f"ended after their due time: {report.late}")
        for title, words in (
            ("channels taken as other", report.channels),
            ("categories taken as 其他", report.categories),
        ):
            for word, count in words.most_common():
                say(f"{title}: {word} × {count}")
