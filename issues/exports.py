"""The issue list as XLSX or CSV: the same rows and the same fields as the reader may see, no cell that a spreadsheet
would run, one entry in the audit trail."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from accounts.actors import Actor
from common import clock
from deadlines import calendar
from documents.enclosures import csv_bytes, harmless
from issues import clockviews, policy, states
from issues.models import Issue

MOST = 10_000
CHUNK = 1_000
# What XML 1.0 has no place for: most controls, lone surrogates, and the two that are no characters.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def heading() -> list[str]:
    return [
        _("Number"), _("Kind"), _("Title"), _("State"), _("Light"), _("Layer"), _("Round"), _("Unit in charge"),
        _("Enterprise"), _("Project"), _("Category"), _("Channel"), _("Urgency"), _("Difficulty"), _("Submitted"),
        _("Assigned"), _("Signed"), _("First feedback"), _("Proposed"), _("Closed"), _("Due"), _("Outcome"),
        _("Solved"), _("Satisfaction"),
    ]  # fmt: skip


def lines(rows: QuerySet[Issue], actor: Actor, now: datetime) -> Iterator[list[str]]:
    """Each issue as cells of text; enterprise and project only where the reader may know them."""
    table = calendar.current()
    wanted = rows.select_related("lead_unit", "enterprise", "project", "category").defer("readers")[:MOST]
    for issue in wanted.iterator(chunk_size=CHUNK):
        who = issue.confidentiality != states.Confidentiality.ANONYMOUS or policy.fields(actor, issue).who
        light = clockviews.light_of(table, issue.yellow_at, issue.due_at, issue.red_at, now)
        yield [
            issue.number,
            str(issue.get_kind_display()),
            issue.title,
            str(issue.get_state_display()),
            light.word,
            str(issue.layer),
            str(issue.round),
            issue.lead_unit.name if issue.lead_unit else "",
            issue.enterprise.name if issue.enterprise and who else "",
            issue.project.name if issue.project and who else "",
            issue.category.name if issue.category else issue.category_word,
            str(issue.get_channel_display()),
            str(issue.get_urgency_display()),
            str(issue.get_difficulty_display()) if issue.difficulty else "",
            stamp(issue.submitted_at),
            stamp(issue.assigned_at),
            stamp(issue.signed_at),
            stamp(issue.first_feedback_at),
            stamp(issue.proposed_at),
            stamp(issue.closed_at),
            stamp(issue.due_at),
            str(issue.get_outcome_display()) if issue.outcome else "",
            str(issue.get_solved_display()) if issue.solved else "",
            str(issue.satisfaction or ""),
        ]


def stamp(at: datetime | None) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M}" if at else ""


def xlsx(rows: Iterator[list[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Issues"))
    sheet.freeze_panes = "A2"

    def cells(values: list[str]) -> list[WriteOnlyCell]:
        return [_cell(sheet, value) for value in values]

    sheet.append(cells(heading()))
    for values in rows:
        sheet.append(cells(values))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: str) -> WriteOnlyCell:
    """Always text: what begins like a formula stays what was typed. A workbook can't hold what XML can't."""
    cell = WriteOnlyCell(sheet, value=harmless(NOT_XML.sub("", value)))
    cell.data_type = "s"
    return cell


def as_csv(rows: Iterator[list[str]]) -> bytes:
    return csv_bytes(heading(), rows)


def file_name(now: datetime, kind: str) -> str:
    return f"{_('Issues')}-{clock.local(now):%Y%m%d-%H%M}.{kind}"
