"""Take a ledger over: all rows or none; bounded memory; the same file again changes nothing."""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from accounts.actors import Actor
from accounts.models import Post, Unit, UnitName
from accounts.roles import GROUP_OF_KIND, UnitKind
from accounts.services import bulk
from common import clock
from common.copying import allocate, copy
from deadlines import calendar
from deadlines.models import Clock, Reminder, TimeRule
from deadlines.services import rules
from issues.linescopes import category_names
from issues.models import Assignment, Category, Event, Issue, IssueBody, IssueSearch, Rating, Span
from issues.services.ledger.build import Built, Known, build
from issues.services.ledger.parse import COLUMNS, BadCell, Row, read
from issues.services.numbers import next_number
from issues.states import Channel
from projects.finding import find_leader
from projects.models import Enterprise, Line, Project

BATCH = 2_000
MOST_BAD = 1_000
OTHER = "其他"
# From so many rows on the statistics of the tables are made anew.
LARGE = 5_000
WRITTEN = (Issue, IssueBody, IssueSearch, Event, Assignment, Span, Rating, Clock, Reminder)


@dataclass
class Report:
    rows: int = 0
    imported: int = 0
    unchanged: int = 0
    rejected: int = 0
    units: list[str] = field(default_factory=list)
    channels: Counter[str] = field(default_factory=Counter)
    categories: Counter[str] = field(default_factory=Counter)
    bad: list[BadCell] = field(default_factory=list)
    bad_rows: set[int] = field(default_factory=set)
    late: int = 0


class RefusedError(Exception):
    """Bad cells, and no file was named for the rejects: nothing was written."""

    def __init__(self, report: Report) -> None:
        super().__init__(_("%(n)d bad cells") % {"n": len(report.bad)})
        self.report = report


def import_ledger(
    *,
    path: Path,
    actor: Actor,
    create_units: str | None = None,
    rejects: Path | None = None,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """First all rows are checked, then the good ones are written in one transaction. Raises RefusedError when a row
    is bad and ``rejects`` is None; with it the bad rows go there and the good ones in."""
    report = Report()
    names = _check_all(path, report, create_units, rejects)
    if report.bad and rejects is None:
        raise RefusedError(report)
    with transaction.atomic():
        _make_units(sorted(names), create_units, report, actor)
        known = _known()
        for batch in _batches(_good(path, report)):
            _load(batch, known, report)
            progress(report.imported + report.unchanged)
        if dry_run:
            transaction.set_rollback(True)
    if report.imported >= LARGE and not dry_run:
        _analyze()
    return report


def _analyze() -> None:
    """The planner knows nothing yet of what a large import wrote, and lists would crawl until it finds out by itself:
    the tables that were written, no others."""
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in WRITTEN)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


def _check_all(path: Path, report: Report, create_units: str | None, rejects: Path | None) -> set[str]:
    """The first pass: every bad cell, and the units that would have to be made."""
    units, unknown = set(_units()), set[str]()
    with rejects.open("w", encoding="utf-8-sig", newline="") if rejects else nullcontext() as sink:
        writer = csv.writer(sink) if sink else None
        if writer:
            writer.writerow([*COLUMNS, "row", "what"])
        for batch in _batches(read(path)):
            taken = dict(
                Issue.objects.filter(number__in=[row["number"] for row in batch]).values_list("number", "import_key")
            )
            for row in batch:
                report.rows += 1
                _check_known(row, units, unknown, taken, create_units)
                if row.bad:
                    _reject(row, report, writer)
    return unknown


def _check_known(
    row: Row, units: set[str], unknown: set[str], taken: dict[str, str | None], create_units: str | None
) -> None:
    if row["number"] in taken and taken[row["number"]] != row.key:
        row.wrong("number", _("an issue of this number is here already, with other contents"))
    if row["unit"] and row["unit"] not in units:
        if create_units is None:
            row.wrong("unit", _("there is no such unit"))
        elif not row.bad:
            unknown.add(row["unit"])


def _reject(row: Row, report: Report, writer: Any) -> None:
    report.rejected += 1
    report.bad_rows.add(row.line)
    report.bad += row.bad[: max(0, MOST_BAD - len(report.bad))]
    if writer:
        what = "；".join(str(cell) for cell in row.bad)
        writer.writerow([*(neutral(row[c]) for c in COLUMNS), row.line, neutral(what)])


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r\n＝＋－＠" and text else text


def _good(path: Path, report: Report) -> Iterator[Row]:
    return (row for row in read(path) if row.line not in report.bad_rows)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        yield batch


def _units() -> dict[str, Unit]:
    """Units by all that a ledger may call them: code, name, short name, former names; the present name wins."""
    found: dict[str, Unit] = {}
    units = {unit.pk: unit for unit in Unit.objects.all()}
    for former in UnitName.objects.all():
        found[former.name] = units[former.unit_id]
    for unit in units.values():
        for name in (unit.short_name, unit.name, unit.code):
            if name:
                found[name] = unit
    return found


def _make_units(names: list[str], kind: str | None, report: Report, actor: Actor) -> None:
    if not names or kind is None:
        return
    taken = set(Unit.objects.values_list("code", flat=True))
    rows = []
    for name in names:
        code = base = ("".join(part[0] for part in lazy_pinyin(name) if part and part[0].isalnum()).upper() or "U")[:24]
        n = 1
        while code in taken:
            n += 1
            code = f"{base}{n}"
        taken.add(code)
        rows.append(
            bulk.UnitRow(
                code=code,
                name=name,
                kind=kind,
                is_responsible=True,
                groups=[GROUP_OF_KIND[UnitKind(kind)]],
                valid_from=date(2000, 1, 1),
            )
        )
    bulk.create_units(actor=actor, rows=rows)
    report.units = names


def _known() -> Known:
    other, _made = Category.objects.get_or_create(name=OTHER, defaults={"order": 999})
    enterprises = {firm.name: firm for firm in Enterprise.objects.all()}
    enterprises |= {firm.uscc: firm for firm in enterprises.values() if firm.uscc}
    return Known(
        units=_units(),
        categories={category.name: category for category in Category.objects.all()},
        other=other,
        enterprises=enterprises,
        projects={project.code: project for project in Project.objects.select_related("enterprise")},
        leaders=_finder(),
        calendar=calendar.current(),
        now=clock.now(),
        rules=_rules(),
    )


def _finder() -> Any:
    """Leaders by the rule of the issue's own day, asked once between two turns of what the rule looks at."""
    turns = _turns()
    cache: dict[Any, Any] = {}

    def find(
        unit: Unit, firm: Enterprise | None, project: Project | None, category: Category | None, at: datetime
    ) -> Any:
        rows = (unit, firm, project, category)
        key = (*(row.pk if row else None for row in rows), bisect_right(turns, at))
        if key not in cache:
            names = category_names(category)
            cache[key] = find_leader(project=project, enterprise=firm, unit_id=unit.pk, categories=names, at=at)
        return cache[key]

    return find


def _turns() -> list[datetime]:
    """The instants at which ``find_leader`` may answer otherwise: a post begins or ends, a line ends, a year of lines
    turns. Between two of them its answer depends on nothing but unit, enterprise, project and category."""
    lines = Line.objects.all()
    leading = Q(pk__in=lines.values("leader")) | Q(pk__in=Project.objects.values("manager"))
    posts = Post.objects.filter(leading | Q(pk__in=Enterprise.objects.values("liaison_leader")))
    found = {at for pair in posts.values_list("starts_at", "ends_at") for at in pair if at}
    days = {day + timedelta(days=1) for day in lines.values_list("ends_on", flat=True) if day}
    days |= {date(year + n, 1, 1) for year in lines.values_list("year", flat=True) for n in (0, 1)}
    return sorted(found | {datetime.combine(day, time.min, clock.SHANGHAI) for day in days})


def _rules() -> Any:
    """(amount, unit, rule) of a limit. A day before the first rules takes the first ones: the house's clock is older
    than its rules only for what was handled elsewhere."""
    firsts = sorted(set(TimeRule.objects.values_list("valid_from", flat=True)))
    kinds = ["acceptance", "signing", "feedback", "progress", "resolution", "verification"]
    cache: dict[tuple[str, str, date], tuple[int, str, int]] = {}

    def limit(kind: str, case: str, at: datetime) -> tuple[int, str, int]:
        # the last day on which a rule began is as good as the day itself
        day = firsts[max(bisect_right(firsts, clock.local(at).date()) - 1, 0)]
        if (kind, case, day) not in cache:
            rule = rules.pick(rules.rules_on(day, kinds), kind, case)
            if rule is None:
                raise LookupError(f"No time rule for {kind} {case}")
            cache[kind, case, day] = (rule.amount, rule.unit, rule.pk)
        return cache[kind, case, day]

    return limit


def _load(batch: list[Row], known: Known, report: Report) -> None:
    here = set(Issue.objects.filter(import_key__in=[row.key for row in batch]).values_list("import_key", flat=True))
    new = [row for row in batch if row.key not in here]
    report.unchanged += len(batch) - len(new)
    built = [build(row, row["number"] or _number(row), known) for row in new]
    for row in new:
        if row["channel"] not in Channel.values:
            report.channels[row["channel"] or "–"] += 1
        if row["category"] not in known.categories:
            report.categories[row["category"] or "–"] += 1
    _write(built)
    report.imported += len(built)
    report.late += sum(
        1 for one in built for c in one.clocks if c.kind == "resolution" and c.breached_at and c.met_at is not None
    )


def _number(row: Row) -> str:
    submitted = row.times["submitted_at"]
    return next_number(clock.local(submitted).year if submitted else clock.today().year)


def _write(built: list[Built]) -> None:
    """One COPY per table, after the keys were taken from the sequences."""
    for one, pk in zip(built, allocate(Issue, len(built)), strict=True):
        one.issue.pk = pk
        one.body.issue_id = pk
        for row in (*one.events, *one.assignments, *one.spans, *one.ratings, *one.searches):
            row.issue_id = pk
        for c in one.clocks:
            c.subject_id = pk
    clocks = [c for one in built for c in one.clocks]
    for c, pk in zip(clocks, allocate(Clock, len(clocks)), strict=True):
        c.pk = pk
    reminders = []
    for one in built:
        for c, reminder in one.reminders:
            reminder.clock_id = c.pk
            reminders.append(reminder)
    copy([one.issue for one in built])
    copy([one.body for one in built])
    for name in ("events", "assignments", "spans", "ratings", "searches"):
        copy([row for one in built for row in getattr(one, name)])
    copy(clocks)
    copy(reminders)
