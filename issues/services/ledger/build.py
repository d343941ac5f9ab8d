"""From one ledger row the rows that the house would have written, had the issue been handled here at those times."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Unit
from common import clock
from deadlines import ladder
from deadlines.calendar import Calendar
from deadlines.models import Clock, Reminder
from deadlines.states import LimitUnit
from issues.models import Assignment, Category, Event, Issue, IssueBody, IssueSearch, Rating, Span
from issues.services import chain, codes, search
from issues.services.intake import digest
from issues.services.ledger.parse import Row
from issues.states import Channel, Difficulty, State
from projects.finding import NOBODY, Finding
from projects.models import Enterprise, Project

GRACE = timedelta(seconds=1)


@dataclass
class Known:
    """What rows are matched with, read once."""

    units: dict[str, Unit]
    categories: dict[str, Category]
    other: Category
    enterprises: dict[str, Enterprise]
    projects: dict[str, Project]
    leaders: Any  # (unit, enterprise, day) → Finding
    calendar: Calendar
    now: datetime
    rules: Any = None


@dataclass
class Built:
    """All rows of one issue. Keys are given by the loader before they are written."""

    issue: Issue
    body: IssueBody
    events: list[Event] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    reminders: list[tuple[Clock, Reminder]] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    searches: list[IssueSearch] = field(default_factory=list)


def build(row: Row, number: str, known: Known) -> Built:
    """The whole history of one row. Steps that were not recorded leave no event, no clock and no span of their own."""
    t = row.times
    submitted = t["submitted_at"]
    assert submitted is not None
    unit = known.units.get(row["unit"]) if row["unit"] else None
    firm = known.enterprises.get(row["enterprise"]) if row["enterprise"] else None
    project = known.projects.get(row["project"]) if row["project"] else None
    firm = firm or (project.enterprise if project else None)
    category = known.categories.get(row["category"]) or known.other
    channel = row["channel"] if row["channel"] in Channel.values else Channel.OTHER
    issue = Issue(
        number=number,
        channel=channel,
        channel_word="" if channel == row["channel"] else row["channel"],
        title=row["title"].strip(),
        category=category,
        category_word="" if category.name == row["category"] else row["category"],
        difficulty=Difficulty.NORMAL,
        enterprise=firm,
        project=project,
        town_id=firm.town_id if firm else None,
        submitted_at=submitted,
        imported_at=known.now,
        import_key=row.key,
        code_nonce=codes.new_nonce(),
        lead_unit=unit,
        version=1,
    )
    issue.code_hash = codes.hash_of(codes.code_of(number, issue.code_nonce))
    body = IssueBody(
        issue=issue,
        text=row["text"],
        enterprise_claim="" if firm else row["enterprise"],
        project_claim="" if project else row["project"],
        contact_name=row["contact_name"],
        contact_phone=row["contact_phone"],
    )
    built = Built(issue, body)
    _lead(built, known, unit, firm, project)
    _walk(built, row, known)
    _index(built)
    return built


def _lead(built: Built, known: Known, unit: Unit | None, firm: Enterprise | None, project: Project | None) -> None:
    issue = built.issue
    found: Finding = known.leaders(unit, firm, project, issue.category, issue.submitted_at) if unit else NOBODY
    issue.leader_id, issue.line_id, issue.office_id = found.leader_post_id, found.line_id, found.office_unit_id
    issue.leader_why = found.why if unit else ""
    readers = (issue.lead_unit_id, issue.leader_id, issue.enterprise_id)
    issue.readers = sorted({pk for pk in readers if pk})


def _walk(built: Built, row: Row, known: Known) -> None:
    """Step by step, in the order of the loop."""
    issue, t = built.issue, row.times
    _event(built, "submit", issue.submitted_at, {"channel": issue.channel, "kind": "issue",
           "sha256": digest(row["title"].strip(), row["text"])}, public=True)  # fmt: skip
    if issue.lead_unit is None:
        _clock(built, known, "acceptance", issue.submitted_at)
        _span(built, Span.Holder.DESK, State.SUBMITTED, issue.submitted_at, None)
        issue.state = State.SUBMITTED
        return
    assigned, start = t["assigned_at"], t["assigned_at"] or issue.submitted_at
    built.assignments.append(Assignment(issue=issue, unit=issue.lead_unit, kind=Assignment.Kind.LEAD, started_at=start))
    issue.state = State.HANDLING
    if assigned:
        issue.assigned_at = assigned
        _clock(built, known, "acceptance", issue.submitted_at, met=assigned)
        _span(built, Span.Holder.DESK, State.SUBMITTED, issue.submitted_at, assigned)
        _event(built, "assign", assigned, {"unit": issue.lead_unit.code}, state=State.ASSIGNED, public=True)
        _signing(built, known, t, assigned)
    _handling(built, known, t, start)
    _closing(built, known, row, t)


def _signing(built: Built, known: Known, t: dict[str, datetime | None], assigned: datetime) -> None:
    """Signed; not recorded; not yet; or deemed signed by the system, as it would have been here."""
    issue, signed = built.issue, t["signed_at"]
    later = any(t[step] for step in ("first_feedback_at", "proposed_at", "closed_at"))
    if signed is None and later:
        return
    unit = {"holder_unit_id": issue.lead_unit_id}
    one = _clock(built, known, "signing", assigned, met=signed, **unit)
    if signed is None and one.due_at < known.now:
        signed = one.met_at = one.due_at + GRACE
        one.breached_at, issue.deemed_signed = one.due_at, True
    if signed is None:
        issue.state = State.ASSIGNED
        return
    issue.signed_at = signed
    _event(built, "sign", signed, {"handler": "", "deemed": issue.deemed_signed}, public=True)


def _handling(built: Built, known: Known, t: dict[str, datetime | None], start: datetime) -> None:
    issue, feedback, proposed, closed = built.issue, t["first_feedback_at"], t["proposed_at"], t["closed_at"]
    unit = {"holder_unit_id": issue.lead_unit_id}
    over = proposed or closed
    if issue.assigned_at and (feedback or not over):
        _clock(built, known, "feedback", issue.assigned_at, met=feedback, **unit)
    if feedback:
        issue.first_feedback_at = feedback
        _event(built, "feed_back", feedback, {"text": "", "done": False})
        if not (closed and not proposed):
            _clock(built, known, "progress", feedback, stopped=proposed, reason="proposed", **unit)
    if proposed or not closed:
        _clock(
            built, known, "resolution", start, case="normal", met=proposed, due=t["due_at"],
            approximate=issue.assigned_at is None, **unit,
        )  # fmt: skip
    held = issue.assigned_at or issue.submitted_at
    cut = issue.signed_at if issue.assigned_at else None
    if cut:
        _span(built, Span.Holder.UNIT, State.ASSIGNED, held, cut)
        held = cut
    _span(built, Span.Holder.UNIT, issue.state if not over else State.HANDLING, held, over)


def _closing(built: Built, known: Known, row: Row, t: dict[str, datetime | None]) -> None:
    issue, proposed, closed = built.issue, t["proposed_at"], t["closed_at"]
    if proposed:
        issue.state, issue.proposed_at = State.PROPOSED, proposed
        _event(built, "propose", proposed, {"outcome": "", "account": "", "cause": "", "clause": "", "promised_on": ""})
        _span(built, Span.Holder.DESK, State.PROPOSED, proposed, closed)
        if not closed:
            _clock(built, known, "verification", proposed)
    if not closed:
        return
    issue.state, issue.closed_at = State.CLOSED, closed
    if row.solved and row.satisfaction:
        issue.solved, issue.satisfaction = row.solved, row.satisfaction
        built.ratings.append(
            Rating(
                issue=issue,
                round=1,
                at=closed,
                unit=issue.lead_unit,
                solved=row.solved,
                satisfaction=row.satisfaction,
                imported=True,
            )
        )
        _event(built, "rate", closed, {"solved": row.solved, "satisfaction": row.satisfaction, "text": ""})
    else:
        _event(built, "close", closed, {"unrated": True}, public=True)


def _event(
    built: Built, kind: str, at: datetime, data: dict[str, Any], *, state: str | None = None, public: bool = False
) -> None:
    issue = built.issue
    seq = issue.event_seq + 1
    told = {"as": "import", "state": state or issue.state, "layer": 1, "round": 1, **data}
    body = chain.canonical(
        number=issue.number, seq=seq, kind=kind, at=at, user_id=None, post_id=None, public=public, data=told
    )
    event = Event(
        issue=issue, seq=seq, kind=kind, at=at, public=public, body=body, previous=issue.event_hash,
        hash=chain.link(issue.event_hash, body),
    )  # fmt: skip
    issue.event_seq, issue.event_hash = seq, event.hash
    issue.version = seq
    built.events.append(event)


def _span(built: Built, holder: str, state: str, start: datetime, end: datetime | None) -> None:
    unit = built.issue.lead_unit if holder == Span.Holder.UNIT else None
    built.spans.append(Span(issue=built.issue, holder=holder, unit=unit, state=state, started_at=start, ended_at=end))


def _clock(
    built: Built,
    known: Known,
    kind: str,
    start: datetime,
    *,
    case: str = "",
    met: datetime | None = None,
    stopped: datetime | None = None,
    reason: str = "",
    due: datetime | None = None,
    approximate: bool = False,
    holder_unit_id: int | None = None,
) -> Clock:
    issue, table = built.issue, known.calendar
    amount, unit, rule_id = (None, LimitUnit.WORKING_DAYS, None) if due else known.rules(kind, case, start)
    given = due is not None
    due = due or table.due(start, amount or 0, unit)
    at = ladder.instants(table, start=start, due=due, unit=unit)
    end = met or stopped or known.now
    one = Clock(
        kind=kind, subject_kind="issue", subject_ref=issue.number, holder_unit_id=holder_unit_id,
        leader_id=issue.leader_id, office_id=issue.office_id, rule_id=rule_id, calendar_id=table.version_id,
        amount=amount, unit=unit, provisional=table.is_provisional(clock.local(due).date()), given=given,
        imported=True, approximate_start=approximate, started_at=start, due_at=due, first_due_at=due, met_at=met,
        stopped_at=stopped, stop_reason=reason if stopped else "", breached_at=due if end > due else None,
        yellow_at=at.yellow_at, red_at=at.red_at, candidate_at=at.candidate_at, next_rung=at.next_rung,
        next_rung_at=at.next_rung_at,
    )  # fmt: skip
    _past_rungs(built, one, known.now, end)
    built.clocks.append(one)
    return one


def _past_rungs(built: Built, one: Clock, now: datetime, end: datetime) -> None:
    """Rungs that lay before the import are recorded as imported; the ladder goes on at the next one."""
    one_after = ("", None)
    for rung, at in ladder.ahead(one):
        if at > end:
            one_after = (rung, at)
            break
        reminder = Reminder(rung=rung, due_at=one.due_at, rung_at=at, recorded_at=now, imported=True)
        built.reminders.append((one, reminder))
    one.next_rung, one.next_rung_at = one_after


def _index(built: Built) -> None:
    issue, body = built.issue, built.body
    claim = f"{body.enterprise_claim}|{body.project_claim}"
    for scope, folded in search.bodies(issue, text=body.text, claim=claim, contact=body.contact_name).items():
        built.searches.append(
            IssueSearch(
                issue=issue, scope=scope, body=folded, grams=search.grams(folded), submitted_at=issue.submitted_at
            )
        )
    running = [one for one in built.clocks if one.met_at is None and one.stopped_at is None]
    if running:
        issue.yellow_at = min(one.yellow_at for one in running)
        issue.due_at = min(one.due_at for one in running)
        issue.red_at = min(one.red_at for one in running)
