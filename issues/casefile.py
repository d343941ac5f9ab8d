"""One issue with everything that hangs on it, for its page: three queries, however much there is.

The rows that hang on the issue come as JSON beside it, one subquery each, and become instances again; then all people
and all units that they name are read at once. The subqueries are plain SQL over whole rows: put together by the ORM
column by column they took PostgreSQL two hundred milliseconds to plan, so they take one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import JSONField, Model, OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject

from accounts.actors import Actor
from accounts.models import Post, Unit
from common.errors import NotVisible
from deadlines import calendar
from deadlines.models import Clock, ClockChange, Pause, Reminder, TimeRule
from documents.models import Attachment
from issues import policy
from issues.models import (
    Assignment,
    Category,
    Decision,
    DecisionFeedback,
    Event,
    Issue,
    IssueBody,
    Rating,
    Request,
    Span,
)
from projects.models import Enterprise, Project

EVENTS_SHOWN = 100
NEWEST = 2**31 - 1

_ON = "t.subject_kind = 'issue' AND t.subject_id = issues_issue.id"
_CLOCKS = "FROM deadlines_clock c WHERE c.subject_kind = 'issue' AND c.subject_id = issues_issue.id"
_OF_CLOCK = f"t.clock_id IN (SELECT c.id {_CLOCKS})"
_OF_ISSUE = "t.issue_id = issues_issue.id"
_OF_DECISION = "t.decision_id IN (SELECT d.id FROM issues_decision d WHERE d.issue_id = issues_issue.id)"
# name → (model, which rows, in which order)
PARTS: dict[str, tuple[type[Model], str, str]] = {
    "clocks": (Clock, _ON, "t.started_at, t.id"),
    "rules": (TimeRule, f"t.id IN (SELECT c.rule_id {_CLOCKS})", "t.id"),
    "pauses": (Pause, _OF_CLOCK, "t.started_at, t.id"),
    "changes": (ClockChange, _OF_CLOCK, "t.at, t.id"),
    "reminders": (Reminder, _OF_CLOCK, "t.rung_at, t.id"),
    "spans": (Span, _OF_ISSUE, "t.started_at, t.id"),
    "assignments": (Assignment, _OF_ISSUE, "t.started_at, t.id"),
    "requests": (Request, _OF_ISSUE, "t.asked_at, t.id"),
    "decisions": (Decision, _OF_ISSUE, "t.decided_at, t.id"),
    "co_units": (Decision.co_units.through, _OF_DECISION, "t.id"),
    "feedback": (DecisionFeedback, _OF_DECISION, "t.at, t.id"),
    "ratings": (Rating, _OF_ISSUE, "t.at, t.id"),
    "files": (Attachment, _ON, "t.id"),
    "events": (Event, f"{_OF_ISSUE} AND t.seq < %s", "t.seq DESC LIMIT %s"),
}
# name of the relation → (model, which row): in place of joins, of which eight cost as long to plan as all the rest.
SINGLE: dict[str, tuple[type[Model], str]] = {
    "body": (IssueBody, "t.issue_id = issues_issue.id"),
    "category": (Category, "t.id = issues_issue.category_id"),
    "enterprise": (Enterprise, "t.principal_id = issues_issue.enterprise_id"),
    "project": (Project, "t.id = issues_issue.project_id"),
    "merged_into": (Issue, "t.id = issues_issue.merged_into_id"),
}


def _subquery(name: str, *params: int) -> RawSQL:
    """The rows of a part, each whole, as an array of JSON. Nothing in the SQL comes from outside."""
    model, which, order = PARTS[name]
    return _rows(model, f"{which} ORDER BY {order}", params)


def _rows(model: type[Model], which: str, params: tuple[int, ...] = ()) -> RawSQL:
    table = connection.ops.quote_name(model._meta.db_table)
    sql = f"ARRAY(SELECT to_jsonb(t) FROM {table} t WHERE {which})"  # noqa: S608  # only words of this file
    return RawSQL(sql, params, output_field=ArrayField(JSONField()))  # noqa: S611


def _instances(model: type[Model], rows: Iterable[dict[str, Any]]) -> list[Any]:
    columns = [(one.attname, one.column, one) for one in model._meta.concrete_fields]
    names = [name for name, _column, _field in columns]
    return [
        model.from_db(connection.alias, names, [one.to_python(row[column]) for _name, column, one in columns])
        for row in rows
    ]


@dataclass
class CaseFile:
    """The issue, its rows by the names of ``PARTS``, and whom they name."""

    actor: Actor
    issue: Issue
    fields: policy.Fields
    clocks: list[Clock] = field(default_factory=list)
    rules: list[TimeRule] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    changes: list[ClockChange] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    co_units: list[Any] = field(default_factory=list)
    feedback: list[DecisionFeedback] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    merged: list[dict[str, str]] = field(default_factory=list)
    posts: dict[int, Post] = field(default_factory=dict)
    units: dict[int, Unit] = field(default_factory=dict)

    @cached_property
    def units_by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units.values()}

    @cached_property
    def table(self) -> calendar.Calendar:
        """The working-day calendar, read once."""
        return calendar.current()

    @cached_property
    def allowed(self) -> list[str]:
        return policy.allowed_actions(self.actor, self.issue)

    def post(self, key: int | None) -> Post | None:
        return self.posts.get(key) if key else None

    def unit(self, key: int | None) -> Unit | None:
        return self.units.get(key) if key else None

    def of_clock(self, rows: list[Any], clock: Clock) -> list[Any]:
        return [row for row in rows if row.clock_id == clock.pk]


def find(actor: Actor, number: str) -> Issue:
    """The issue for an action page: visible or not there."""
    rows = Issue.objects.visible_to(actor).filter(number=number)
    issue = rows.select_related("body", "category__unit", "lead_unit", "enterprise", "project", "about_unit").first()
    if issue is None:
        raise NotVisible
    return issue


def load(actor: Actor, number: str, *, before: int | None = None) -> CaseFile:
    """Everything for the page. ``before`` shows events older than that one."""
    joined = Issue.objects.visible_to(actor).filter(merged_into=OuterRef("pk")).order_by("pk")
    limits = {"events": (before or NEWEST, EVENTS_SHOWN)}
    rows = Issue.objects.visible_to(actor).annotate(
        p_merged=ArraySubquery(joined.values(row=JSONObject(number="number", title="title", state="state"))),
        **{f"p_{name}": _subquery(name, *limits.get(name, ())) for name in PARTS},
        **{f"o_{name}": _rows(*single) for name, single in SINGLE.items()},
    )
    issue = rows.filter(number=number).first()
    if issue is None:
        raise NotVisible
    for name, single in SINGLE.items():
        for one in _instances(single[0], getattr(issue, f"o_{name}")):
            setattr(issue, name, one)
    found = {name: _instances(part[0], getattr(issue, f"p_{name}")) for name, part in PARTS.items()}
    found["events"].reverse()
    case = CaseFile(actor=actor, issue=issue, fields=policy.fields(actor, issue), merged=issue.p_merged, **found)
    _read_names(case)
    _spare_the_policy_its_queries(case)
    _complete_clocks(case)
    return case


def _complete_clocks(case: CaseFile) -> None:
    """What the certificate reads of a clock: its rule, its pauses and changes."""
    rules = {rule.pk: rule for rule in case.rules}
    for running in case.clocks:
        if running.rule_id:
            running.rule = rules[running.rule_id]
        running._prefetched_objects_cache = {  # type: ignore[attr-defined]  # as prefetch_related fills it
            "pauses": case.of_clock(case.pauses, running),
            "changes": case.of_clock(case.changes, running),
        }


def _read_names(case: CaseFile) -> None:
    """Everybody and every unit that any row names, in one query each."""
    posts, units, codes = {case.issue.leader_id, case.issue.specialist_id, case.issue.filed_by_id}, set(), set()
    units.update((case.issue.lead_unit_id, case.issue.office_id, case.issue.about_unit_id))
    for name, part in PARTS.items():
        for one in part[0]._meta.concrete_fields:
            if one.related_model is Post or one.related_model is Unit:
                into = posts if one.related_model is Post else units
                into.update(getattr(row, one.attname) for row in getattr(case, name))
    from issues import handedover, timeline

    for event in case.events:
        codes |= timeline.unit_codes(event)
        if event.kind == "hand_over":
            posts |= handedover.post_keys(timeline.data_of(event))
    case.posts = Post.objects.select_related("user", "unit").in_bulk([key for key in posts if key])
    wanted = Unit.objects.filter(Q(pk__in=[key for key in units if key]) | Q(code__in=codes))
    case.units = {unit.pk: unit for unit in wanted}


def _spare_the_policy_its_queries(case: CaseFile) -> None:
    """What the policy would read again is here already."""
    parts = [part for part in case.assignments if part.ended_at is None]
    for part in parts:
        part.unit = case.units[part.unit_id]
    request = next((request for request in case.requests if request.state == "open"), None)
    if request:
        request.asked_by = case.posts[request.asked_by_id]
    case.issue._open_parts, case.issue._open_request = parts, request  # type: ignore[attr-defined]
    case.issue._open_decision = any(one.done_at is None for one in case.decisions)  # type: ignore[attr-defined]
