"""Rows for a month, made directly: exact instants matter here, and the loop's own tests stand elsewhere.

Times are local words: ``t("06-10 18:00")`` is 10 June 2026 in Shanghai.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

from accounts.actors import Actor, actor_for
from accounts.models import Post, Unit, User
from accounts.roles import Group, UnitKind
from common.clock import SHANGHAI
from deadlines.models import CalendarVersion, Clock, Pause
from issues.models import Assignment, Event, Issue, Rating, Span

MONTH = "2026-06"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
_numbers = count(1)


def t(text: str, year: int = 2026) -> datetime:
    """``06-10`` (18:00), ``06-10 09:30``: Shanghai time."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"{year}-{day}T{clock or '18:00'}:00").replace(tzinfo=SHANGHAI).astimezone(UTC)


NOW = t("07-01 06:00")


def unit(name: str = "", *groups: str, kind: str = UnitKind.DEPARTMENT, **fields: object) -> Unit:
    number = next(_numbers)
    made = Unit.objects.create(
        code=f"U{number:03}",
        name=name or f"第{number}局",
        pinyin=f"u{number:03}",
        kind=kind,
        groups=list(groups or [Group.DEPARTMENTS]),
        valid_from=date(2020, 1, 1),
        **fields,
    )
    made.path = [made.pk]
    made.save(update_fields=["path"])
    return made


def person(role: str, unit: Unit | None = None, name: str = "") -> Actor:
    number = next(_numbers)
    user = User.objects.create(username=f"p{number}", name=name or f"某{number}", pinyin=f"p{number}")
    post(user, role, unit)
    return actor_for(user)


def post(user: User, role: str, unit: Unit | None) -> Post:
    return Post.objects.create(user=user, role=role, unit=unit, starts_at=LONG_AGO)


def issue(unit: Unit | None, number: str = "", *, at: datetime | None = None, **fields: object) -> Issue:
    fields.setdefault("state", "handling" if unit else "submitted")
    submitted = at or t("05-01 09:00")
    made = Issue.objects.create(
        number=number or f"WT2026-{next(_numbers):06}",
        title=fields.pop("title", "厂区供水压力不足"),
        channel="web_form",
        lead_unit=unit,
        submitted_at=submitted,
        assigned_at=submitted if unit else None,
        readers=[unit.pk] if unit else [],
        **fields,
    )
    if unit is not None:
        Assignment.objects.create(issue=made, unit=unit, kind="lead", started_at=submitted)
    return made


def clock(
    unit: Unit,
    due: str | datetime,
    met: str | datetime | None = None,
    *,
    kind: str = "resolution",
    started: str | datetime | None = None,
    stopped: str | datetime | None = None,
    of: Issue | None = None,
    part: str = "",
    held: bool = True,
) -> Clock:
    """A clock of ``unit`` on an issue of its own; the unit holds the case from its start until it is met."""
    due_at, met_at, stopped_at = _instant(due), _instant(met), _instant(stopped)
    started_at = _instant(started) or min(due_at, met_at or due_at) - timedelta(days=15)
    subject = of or issue(unit, at=started_at)
    made = Clock.objects.create(
        kind=kind,
        subject_kind="issue",
        subject_id=subject.pk,
        subject_ref=subject.number,
        part=part,
        holder_unit=unit,
        calendar_id=CalendarVersion.objects.current_id(),
        amount=15,
        unit="wd",
        started_at=started_at,
        due_at=due_at,
        first_due_at=due_at,
        met_at=met_at,
        stopped_at=stopped_at,
        stop_reason="withdrawn" if stopped_at else "",
        yellow_at=due_at,
        red_at=due_at,
        candidate_at=due_at,
    )
    if kind == "resolution" and held:
        span(subject, unit, started_at, met_at or stopped_at)
    return made


def pause(clock: Clock, started: str | datetime, ended: str | datetime | None = None) -> Pause:
    made = Pause.objects.create(clock=clock, started_at=_instant(started), ended_at=_instant(ended), reason="等待企业")
    if ended is None:
        Clock.objects.filter(pk=clock.pk).update(paused_at=made.started_at)
    return made


def span(
    of: Issue, unit: Unit | None, started: str | datetime, ended: str | datetime | None = None, state: str = "handling"
) -> Span:
    return Span.objects.create(
        issue=of,
        holder="unit" if unit else "desk",
        unit=unit,
        state=state,
        started_at=_instant(started),
        ended_at=_instant(ended),
    )


def rating(
    unit: Unit, at: str | datetime, solved: str = "yes", satisfaction: int | None = 5, *, of: Issue | None = None
) -> Rating:
    return Rating.objects.create(
        issue=of or issue(unit),
        round=1,
        at=_instant(at),
        unit=unit,
        solved=solved,
        satisfaction=satisfaction,
        close_over=satisfaction is None,
    )


def event(of: Issue, kind: str, at: str | datetime, body: str = "{}") -> Event:
    seq = Event.objects.filter(issue=of).count() + 1
    return Event.objects.create(
        issue=of, seq=seq, kind=kind, at=_instant(at), body=body, previous="0" * 64, hash=f"{next(_numbers):064}"
    )


def good(unit: Unit, n: int, month: str = "06") -> None:
    """``n`` cases due and done in the month."""
    for i in range(n):
        clock(unit, f"{month}-{10 + i:02}", f"{month}-{10 + i:02} 10:00")


def late(unit: Unit, n: int, month: str = "06") -> None:
    """``n`` cases due in the month and not done."""
    for i in range(n):
        clock(unit, f"{month}-{10 + i:02}")


def _instant(value: str | datetime | None) -> datetime | None:
    return t(value) if isinstance(value, str) else value
