"""manage.py assess YYYY-MM [--now ISO]: what the beat does on the 1st. Prints the ranking as text."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from accounts.roles import Group
from assessments import services
from assessments.models import Result, Run
from common import clock, fmt

WIDTHS = (4, 28, 12, 10, 6, 8, 6)


class Command(BaseCommand):
    help = "Make or renew the draft ranking of a month; a published month stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month", help="YYYY-MM")
        parser.add_argument("--now", help="act as if it were this time (ISO 8601)")

    def handle(self, *args: Any, month: str, now: str | None, **options: Any) -> None:
        try:
            instant = clock.parse(now) if now else clock.now()
        except ValueError as error:
            raise CommandError(f"--now: {error}") from error
        with clock.at(instant):
            try:
                run = services.assess(month=month, now=instant)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            self.print_run(run)

    def print_run(self, run: Run) -> None:
        self.stdout.write(f"{run.month} v{run.version} {run.state}")
        if run.state in (Run.State.PUBLISHED, Run.State.PROPOSED):
            self.stdout.write(_("Nothing was changed: this month is %(state)s.") % {"state": run.get_state_display()})
        elif run.contest_until:
            self.stdout.write(_("May be contested until %(time)s.") % {"time": fmt.cn_datetime(run.contest_until)})
        self.stdout.write(f"sha256 {run.data_sha256}")
        for group in Group:
            rows = list(Result.objects.filter(run=run, group=group).in_order())
            if rows:
                self.stdout.write("")
                self.stdout.write(str(group.label))
                heads = (_("Rank"), _("Unit"), _("Met ÷ due"), _("Completion"), _("Early"), _("Score"), _("Grade"))
                self.stdout.write(line(*heads, _("Card")))
                for row in rows:
                    self.stdout.write(self.row(row))

    def row(self, row: Result) -> str:
        end = _("Red card") if row.red_card else row.get_why_not_display() if row.why_not else ""
        return line(
            str(row.rank or "—"),
            row.unit_name,
            f"{row.met} ÷ {row.due}" + (" *" if row.window > 1 else ""),
            fmt.percent(row.completion, 2),
            str(row.early),
            fmt.places(row.score),
            row.get_grade_display() if row.grade else "—",
            end,
        )


def line(*cells: str) -> str:
    return "  ".join(
        [*(pad(cell, width) for cell, width in zip(cells, WIDTHS, strict=False)), *cells[len(WIDTHS) :]]
    ).rstrip()


def pad(text: str, width: int) -> str:
    """A Chinese character is two columns wide."""
    return text + " " * max(0, width - sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text))
