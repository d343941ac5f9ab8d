"""import_ledger: whole histories as if they had been handled here; bad cells by name; nothing twice."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from common import clock
from deadlines.models import Clock, Reminder
from deadlines.services.sweep import sweep
from issues.models import Event, Issue, IssueSearch, Rating, Span
from issues.services.chain import verify_chain
from issues.services.ledger.parse import COLUMNS
from notices.models import Notice

ROW = {
    "number": "L-1", "title": "停水", "text": "三车间停水两小时", "category": "供水", "channel": "hotline",
    "unit": "区水务局",
    "submitted_at": "2026-01-05T09:00:00+08:00", "assigned_at": "2026-01-05T11:00", "signed_at": "2026-01-05T15:00",
    "first_feedback_at": "2026-01-07T10:00", "proposed_at": "2026-01-20T10:00", "closed_at": "", "contact_name": "顾工",
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path):
    def write(*rows, name="ledger.csv"):
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        return str(path)

    return write


def take(path, *options):
    out = io.StringIO()
    call_command("import_ledger", path, *options, stdout=out, stderr=out)
    return out.getvalue()


def clocks_of(issue):
    return {
        (c.kind, c.started_at, c.due_at, c.met_at, c.stopped_at, c.stop_reason, c.breached_at, c.amount, c.unit)
        for c in Clock.objects.of("issue", issue.pk)
    }


def test_an_imported_history_equals_the_same_history_done_by_verbs(d, ledger):
    take(ledger(ROW))
    imported = Issue.objects.get(number="L-1")
    steps = [
        (
            "submitted_at",
            lambda _: d.submit(actor=d.coordinator, title="停水", text="三车间停水两小时", channel="hotline"),
        ),
        ("assigned_at", lambda i: d.assign(i)),
        ("signed_at", lambda i: d.do("sign", i, d.officer)),
        ("first_feedback_at", lambda i: d.do("feed_back", i, d.officer, text="x")),
        ("proposed_at", lambda i: d.do("propose", i, d.officer, outcome="partly", account="x")),
    ]
    lived = None
    for column, step in steps:
        with clock.at(clock.parse(ROW[column])):
            lived = step(lived)
    with clock.at(clock.now()):
        sweep(clock.now())
    lived.refresh_from_db()
    assert clocks_of(imported) == clocks_of(lived)
    for name in ("state", "layer", "round", "lead_unit_id", "leader_id", "line_id", "office_id", "category_id",
                 "submitted_at", "assigned_at", "signed_at", "first_feedback_at", "proposed_at", "yellow_at", "due_at",
                 "red_at", "deemed_signed", "version"):  # fmt: skip
        assert getattr(imported, name) == getattr(lived, name), name
    assert set(imported.readers) == set(lived.readers) - {d.coordinator.posts[0].pk}

    def told(issue):
        return [(e.seq, e.kind, e.at, e.public) for e in Event.objects.filter(issue=issue)]

    def states(issue):
        return [json.loads(e.body)["data"]["state"] for e in Event.objects.filter(issue=issue)]

    def spans(issue):
        return [(s.holder, s.unit_id, s.state, s.started_at, s.ended_at) for s in Span.objects.filter(issue=issue)]

    assert told(imported) == told(lived)
    assert states(imported) == states(lived)
    assert spans(imported) == spans(lived)
    assert verify_chain() == (10, None)


def test_the_same_file_again_changes_nothing(d, ledger):
    path = ledger(ROW, ROW | {"number": "", "title": "没有编号"}, ROW | {"number": "", "title": "没有编号"})
    assert "imported: 3" in take(path)
    before = sorted(Event.objects.values_list("hash", flat=True))
    assert "imported: 0\nunchanged: 3" in take(path)
    assert sorted(Event.objects.values_list("hash", flat=True)) == before
    with pytest.raises(CommandError):
        take(ledger(ROW | {"title": "同号不同事"}))


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"proposed_at": "2026-01-04T10:00"}, "proposed_at"),
        ({"submitted_at": "昨天"}, "submitted_at"),
        ({"submitted_at": "2099-01-01"}, "submitted_at"),
        ({"unit": "没有的局"}, "unit"),
        ({"title": ""}, "title"),
        ({"title": "长" * 201}, "title"),
        ({"satisfaction": "6", "solved": "yes", "closed_at": "2026-01-21"}, "satisfaction"),
        ({"solved": "yes", "closed_at": "2026-01-21"}, "satisfaction"),
        ({"number": "a/b"}, "number"),
        ({"due_at": "2026-01-01"}, "due_at"),
    ],
)
def test_one_bad_row_stops_all_and_is_named_by_row_and_column(d, ledger, tmp_path, change, column):
    path = ledger(ROW, ROW | {"number": "L-2"} | change)
    with pytest.raises(CommandError, match="1 of 2 rows"):
        take(path)
    assert not Issue.objects.exists()
    rejects = tmp_path / "rejects.csv"
    out = take(path, "--rejects", str(rejects))
    assert f"row 3, column {column}" in out or f"第 3 行，{column} 列" in out, out
    assert list(Issue.objects.values_list("number", flat=True)) == ["L-1"]
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["3"]


def test_a_dry_run_writes_nothing(d, ledger):
    assert "imported: 1" in take(ledger(ROW), "--dry-run")
    assert not Issue.objects.exists()


def test_unknown_words_go_to_other_and_are_kept_and_counted(d, ledger):
    out = take(ledger(ROW | {"channel": "微信", "category": "教育"}))
    issue = Issue.objects.get()
    assert (issue.channel, issue.channel_word, issue.category.name, issue.category_word) == (
        "other",
        "微信",
        "其他",
        "教育",
    )
    assert "微信 × 1" in out
    assert "教育 × 1" in out


def test_a_row_with_a_unit_but_no_assignment_is_in_handling_with_its_resolution_alone(d, ledger):
    blank = {"assigned_at": "", "signed_at": "", "first_feedback_at": "", "proposed_at": ""}
    take(ledger(ROW | blank))
    issue = Issue.objects.get()
    assert issue.state == "handling"
    resolution = Clock.objects.get(subject_id=issue.pk)
    assert (resolution.kind, resolution.started_at) == ("resolution", issue.submitted_at)
    assert resolution.breached_at == resolution.due_at  # open and past due


def test_an_agreed_deadline_stands_in_place_of_the_computed_one(d, ledger):
    take(ledger(ROW | {"due_at": "2026-01-20T09:59:59+08:00"}, ROW | {"number": "L-2", "due_at": "2026-01-20T10:00"}))
    late = {c.subject_ref: c.breached_at is not None for c in Clock.objects.filter(kind="resolution")}
    assert late == {"L-1": True, "L-2": False}


def test_rungs_before_the_import_are_recorded_never_sent_and_raise_nothing(d, ledger):
    take(ledger(ROW | {"first_feedback_at": "", "proposed_at": ""}))
    issue = Issue.objects.get()
    assert set(Reminder.objects.values_list("imported", flat=True)) == {True}
    assert Reminder.objects.filter(clock__kind="feedback").count() == 5
    sweep(clock.now())
    issue.refresh_from_db()
    assert (issue.state, issue.layer) == ("handling", 1)
    assert not Notice.objects.exists()


def test_ratings_and_search_come_along(d, ledger):
    take(ledger(ROW | {"closed_at": "2026-01-21T10:00", "solved": "yes", "satisfaction": "5"}))
    assert Rating.objects.get().satisfaction == 5
    assert IssueSearch.objects.get().body.startswith("l-1|停水")


def test_units_are_made_in_the_group_of_their_type(d, ledger):
    take(ledger(ROW | {"unit": "火炉镇"}), "--create-units", "town")
    unit = Issue.objects.get().lead_unit
    assert (unit.name, unit.kind, unit.groups, unit.is_responsible) == ("火炉镇", "town", ["towns_parks"], True)


def test_a_workbook_is_read_like_a_csv(d, tmp_path):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(COLUMNS))
    sheet.append([ROW.get(column, "") for column in COLUMNS])
    book.save(tmp_path / "ledger.xlsx")
    assert "imported: 1" in take(str(tmp_path / "ledger.xlsx"))


def test_a_heading_that_does_not_fit_is_told(d, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("编号,标题\n1,2\n", encoding="utf-8")
    with pytest.raises(CommandError, match="编号"):
        take(str(path))


def test_what_is_past_at_an_import_is_what_the_one_ladder_says(d):
    """A submitter is only reminded: their clock has no rung above the breach, at an import neither."""
    from issues.services.ledger import build

    issue = d.rating()
    for kind, rungs in (("rating", 3), ("resolution", 5)):
        one = Clock.objects.get(subject_id=issue.pk, kind=kind)
        built = build.Built(issue=issue, body=issue.body)
        one.met_at = None
        build._past_rungs(built, one, clock.now(), one.candidate_at)
        assert len(built.reminders) == rungs
        assert (one.next_rung, one.next_rung_at) == ("", None)


def reltuples():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'issues_event'")
        return int(cursor.fetchone()[0])


def test_after_a_large_import_the_planner_knows_the_tables(d, ledger, monkeypatch):
    from issues.services.ledger import load

    take(ledger(ROW))
    before = reltuples()
    assert before != Event.objects.count()  # the control: a small one leaves that to the database
    monkeypatch.setattr(load, "LARGE", 1)
    take(ledger(ROW | {"number": "L-2"}, name="other.csv"))
    assert reltuples() == Event.objects.count()
