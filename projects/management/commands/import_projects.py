"""manage.py import_projects FILE.xlsx: the yearly list of major projects (API.md, commands)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError

from accounts.actors import SYSTEM
from common.errors import Conflict, ValidationError
from documents import storage
from projects import services
from projects.imports import run
from projects.imports.rows import Problem, read
from projects.models import ProjectImport
from projects.services.imports import carry_on, stored
from projects.states import ImportState

SHOWN = 50


class Command(BaseCommand):
    help = "Take over a list of projects (.xlsx): all of it or nothing"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}")
        try:
            with path.open("rb") as file:
                (self.dry if options["dry_run"] else self.take_over)(File(file, name=path.name))
        except ValidationError as error:
            raise CommandError(f"{path.name}: {' '.join(error.messages)}") from None
        except Conflict as error:
            raise CommandError(error.message) from None

    def dry(self, file: File) -> None:
        prepared = stored(file)
        try:
            outcome = run.look(read(prepared.path), self.progress)
        finally:
            storage.remove(prepared.path)
        self.report(outcome.rows, outcome.problems, outcome.changes)
        if outcome.refused:
            raise CommandError("The list has mistakes.")
        self.stdout.write("dry run: nothing written")

    def take_over(self, file: File) -> None:
        row = services.check_import(actor=SYSTEM, file=file, by_worker=False)
        carry_on(import_id=row.pk)
        row.refresh_from_db()
        self.report(row.rows, [Problem(*one) for one in row.problems], row.changes)
        if row.state != ImportState.CHECKED:
            raise CommandError("Nothing was imported. Mend the mistakes and try again.")
        if not row.changes:
            return
        services.apply_import(actor=SYSTEM, import_id=row.pk, by_worker=False)
        carry_on(import_id=row.pk)
        row = ProjectImport.objects.get(pk=row.pk)
        if row.state != ImportState.APPLIED:
            raise CommandError(row.problems[0][4])
        self.stdout.write(f"imported as list {row.pk}")

    def progress(self, done: int, rows: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{done} of {rows} rows", ending="")

    def report(self, rows: int, problems: list[Problem], changes: list[dict[str, Any]]) -> None:
        for one in problems[:SHOWN]:
            where = f"{one.column}{one.row} {one.heading} “{one.value[:60]}”: " if one.row else ""
            self.stderr.write(f"{one.weight}: {where}{one.message}")
        if len(problems) > SHOWN:
            self.stderr.write(f"… and {len(problems) - SHOWN} more")
        new = sum(1 for change in changes if change["new"])
        bad = len({one.row for one in problems if one.weight == "error"})
        self.stdout.write(f"rows: {rows}")
        self.stdout.write(f"new: {new}")
        self.stdout.write(f"changed: {len(changes) - new}")
        self.stdout.write(f"unchanged: {max(0, rows - len(changes) - bad)}")
        self.stdout.write(f"rows with mistakes: {bad}")
