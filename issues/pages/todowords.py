"""A to-do in words: one sentence, one verb, how late; grouped by what must be done first, and the strip of days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import policy as engine
from accounts.actors import Actor
from common import clock, fmt
from deadlines import calendar
from deadlines.states import ClockKind
from deadlines.statutory import SATURDAY
from issues import clockviews, hints, policy, todos
from issues.models import Assignment, Decision, Issue, Request
from issues.states import Action, RequestKind, State

A, K = Action, ClockKind
LATE, TODAY, WEEK, LATER = "late", "today", "week", "later"
HINTED = 20  # new issues of the inbox that are compared with others; triage compares each one
# So many of a group are drawn on the page of all groups; the rest is one link away. Nobody does more at a sitting.
SHOWN = {LATE: 50, TODAY: 50, WEEK: 30, LATER: 10}


@dataclass
class Material:
    """What the sentences are made of, read for all rows at once."""

    actor: Actor
    now: datetime
    issues: dict[int, Issue]
    requests: dict[int, Request] = field(default_factory=dict)
    decisions: dict[int, Decision] = field(default_factory=dict)
    refused: dict[int, Assignment] = field(default_factory=dict)
    alike: dict[int, list[hints.Hint]] = field(default_factory=dict)
    # of the issues whose resolution is near: the open decisions (with their units) and how many co-units owe an answer
    deciding: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    co_units: Counter[int] = field(default_factory=Counter)


def material(actor: Actor, rows: list[dict[str, Any]], now: datetime) -> Material:
    found = Material(actor=actor, now=now, issues=todos.issues_of(actor, rows))
    kinds = {row["kind"] for row in rows}
    if K.RULING in kinds:
        waiting = Request.objects.filter(
            state="open", issue__in=[r["subject_id"] for r in rows if r["kind"] == K.RULING]
        )
        found.requests = {request.issue_id: request for request in waiting}
    if keys := [int(row["part"][9:]) for row in rows if row["part"].startswith("decision:")]:
        rows_of = Decision.objects.select_related("decided_by__user", "in_name_of__user")
        found.decisions = rows_of.in_bulk(keys)
    if K.ACCEPTANCE in kinds:
        fresh = [row["subject_id"] for row in rows if row["kind"] == K.ACCEPTANCE]
        ruled = Assignment.objects.filter(issue__in=fresh, kind="lead", end="refused", verdict="")
        found.refused = {part.issue_id: part for part in ruled.select_related("unit").order_by("ended_at")}
        new = [found.issues[key] for key in fresh if key in found.issues and key not in found.refused]
        found.alike = hints.hints(actor, new[:HINTED])
    if near := [row["subject_id"] for row in rows if row["kind"] == K.RESOLUTION]:
        found.deciding = _deciding(near)
        parts = Assignment.objects.filter(issue__in=near, kind=Assignment.Kind.CO, ended_at__isnull=True)
        found.co_units = Counter(parts.values_list("issue", flat=True))
    return found


def _deciding(issues: list[int]) -> dict[int, list[tuple[int, int]]]:
    found: dict[int, list[tuple[int, int]]] = {}
    waiting = Decision.objects.filter(issue__in=issues, done_at__isnull=True).order_by("pk")
    for issue, key, unit in waiting.values_list("issue", "pk", "unit"):
        found.setdefault(issue, []).append((key, unit))
    return found


@dataclass(frozen=True)
class Words:
    text: str
    verb: str
    act: str = ""  # the action whose page the verb opens; empty: the issue page
    anchor: str = ""


def words(row: dict[str, Any], issue: Issue, found: Material) -> Words:
    writer = WRITERS.get(ClockKind(row["kind"]))
    facts = {
        "title": issue.title,
        "unit": issue.lead_unit.label if issue.lead_unit else "",
        "late": row["due_at"] < found.now,
    }
    return writer(row, issue, found, facts) if writer else Words(issue.title, _("Look"))


def _acceptance(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    if part := found.refused.get(issue.pk):
        text = _("%(unit)s refused “%(title)s”: please rule on it today") % (facts | {"unit": part.unit.label})
        return Words(text, _("Rule on it"), A.ASSIGN)
    return Words(_("“%(title)s” came in: please assign it") % facts, _("Assign"), A.ASSIGN)


def _verification(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    return Words(_("%(unit)s proposes to close “%(title)s”: please verify") % facts, _("Check"), A.VERIFY)


def _dispute(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    told = facts | {"n": issue.satisfaction or "—"}
    text = _("Dissatisfied: “%(title)s” was rated %(n)s of 5; please go on or propose closing over it") % told
    return Words(text, _("Deal with it"))


def _ruling(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    request = found.requests.get(issue.pk)
    if request is None:
        return Words(_("“%(title)s” waits for a ruling") % facts, _("Rule"), A.GRANT)
    if request.kind == RequestKind.EXTEND:
        text = _("%(unit)s asks for %(days)d more days for “%(title)s”") % (facts | {"days": request.days or 0})
    elif request.kind == RequestKind.SUSPEND:
        told = facts | {"day": fmt.plain_date(request.until)}
        text = _("%(unit)s asks to suspend “%(title)s” until %(day)s") % told
    else:
        text = _("“%(title)s”: closing over the dispute waits for your approval") % facts
    return Words(text, _("Rule"), A.GRANT)


def _signing(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    return Words(_("“%(title)s” was assigned to you: please sign for it") % facts, _("Sign for"), A.SIGN)


def _feedback(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    if row["part"].startswith("decision:"):
        return _decision(row, issue, found, facts)
    if row["part"].startswith("co:"):
        return Words(_("Please answer the lead unit on “%(title)s”") % facts, _("Feed back"), A.FEED_BACK)
    if row["kind"] == K.PROGRESS:
        return Words(_("Please report progress on “%(title)s”") % facts, _("Feed back"), A.FEED_BACK)
    return Words(_("Please give first feedback on “%(title)s”") % facts, _("Feed back"), A.FEED_BACK)


def _decision(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    decision = found.decisions.get(int(row["part"][9:]))
    if decision is None:
        return Words(issue.title, _("Feed back"))
    by = decision.in_name_of or decision.decided_by
    title = issue.title if len(issue.title) <= 30 else f"{issue.title[:30]}…"
    told = {"title": title, "day": fmt.plain_date(decision.decided_at), "who": by.user if by else ""}
    text = _("Please feed back on the decision of %(day)s (%(who)s) on “%(title)s”")
    if row["kind"] == K.DECISION and facts["late"]:
        text = _("The decision of %(day)s (%(who)s) on “%(title)s” is overdue: please carry it out and feed back")
    elif row["kind"] == K.DECISION:
        text = _("The decision of %(day)s (%(who)s) on “%(title)s” falls due: please carry it out and feed back")
    return Words(text % told, _("Feed back"), anchor=f"#decision-{decision.pk}")


def _resolution(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    verb = _("Propose closing")
    if waiting := found.deciding.get(issue.pk):
        return _first_decisions(waiting, found, facts)
    if n := found.co_units[issue.pk]:
        told = facts | {"n": n}
        if facts["late"]:
            text = _("“%(title)s” is overdue; co-units not finished yet: %(n)d. Please press for it and report")
        else:
            text = _("“%(title)s” falls due; co-units not finished yet: %(n)d. Please press for it and report")
        return Words(text % told, _("Feed back"), A.FEED_BACK)
    if facts["late"]:
        return Words(_("“%(title)s” is overdue: please solve it and propose closing") % facts, verb, A.PROPOSE)
    return Words(_("“%(title)s” falls due: please solve it and propose closing") % facts, verb, A.PROPOSE)


def _first_decisions(waiting: list[tuple[int, int]], found: Material, facts: dict[str, Any]) -> Words:
    """Closing cannot be proposed yet: the own unit's decision is what to go to, else a report on the others'."""
    told = facts | {"n": len(waiting)}
    if facts["late"]:
        text = _("“%(title)s” is overdue; decisions not carried out yet: %(n)d. Please carry out and feed back first")
    else:
        text = _("“%(title)s” falls due; decisions not carried out yet: %(n)d. Please carry out and feed back first")
    own = next((key for key, unit in waiting if unit in engine.subtree_of(found.actor)), None)
    if own:
        return Words(text % told, _("Feed back"), anchor=f"#decision-{own}")
    return Words(text % told, _("Feed back"), A.FEED_BACK)


def _coordination(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    if issue.layer >= 3:
        return Words(_("“%(title)s” is at the third layer: please decide") % facts, _("Decide now"), A.DECIDE)
    return Words(_("“%(title)s” is at the second layer: please decide") % facts, _("Decide now"), A.DECIDE)


def _promise(row: dict[str, Any], issue: Issue, found: Material, facts: dict[str, Any]) -> Words:
    return Words(_("The date promised for “%(title)s” comes: please keep the promise") % facts, _("Look"))


WRITERS = {
    K.ACCEPTANCE: _acceptance,
    K.VERIFICATION: _verification,
    K.DISPUTE: _dispute,
    K.RULING: _ruling,
    K.SIGNING: _signing,
    K.FEEDBACK: _feedback,
    K.PROGRESS: _feedback,
    K.DECISION: _decision,
    K.RESOLUTION: _resolution,
    K.COORDINATION: _coordination,
    K.PROMISE: _promise,
}


# --- groups ----------------------------------------------------------------------------------------------------------


def group_of(due_at: datetime, now: datetime) -> str:
    if due_at < now:
        return LATE
    today, day = clock.local(now).date(), clock.local(due_at).date()
    if day <= today:
        return TODAY
    return WEEK if day <= today + timedelta(days=_days_of_week(today)) else LATER


def _days_of_week(today: date) -> int:
    """Until Sunday; on a weekend the week that comes."""
    left = 6 - today.weekday()
    return left + 7 if left < 2 else left


def groups(actor: Actor, rows: list[dict[str, Any]], now: datetime, *, only: str = "") -> list[dict[str, Any]]:
    """已逾期, 今天, 本周, 以后. Of each the first few; ``only`` shows one group whole."""
    table = calendar.current()
    sorted_rows: dict[str, list[dict[str, Any]]] = {LATE: [], TODAY: [], WEEK: [], LATER: []}
    for row in rows:
        sorted_rows[group_of(row["due_at"], now)].append(row)
    shown = {key: found if only else found[: SHOWN[key]] for key, found in sorted_rows.items()}
    if only:
        shown = {only: shown.get(only, [])}
    known = material(actor, [row for found in shown.values() for row in found], now)
    return [_group(key, found, len(sorted_rows[key]), known, table, now) for key, found in shown.items() if found]


def _group(
    key: str, found: list[dict[str, Any]], of: int, known: Material, table: Any, now: datetime
) -> dict[str, Any]:
    week_name = _("This week") if clock.local(now).weekday() < SATURDAY else _("Next week")
    titles = {LATE: _("Already overdue"), TODAY: _("Today"), WEEK: week_name, LATER: _("Later")}
    note = ngettext("%(n)d item", "%(n)d items", of) % {"n": of}
    rest = of - len(found)
    more = ngettext("%(n)d more later", "%(n)d more later", rest) if key == LATER else _("%(n)d more of this group")
    return {
        "id": key,
        "title": titles[key],
        "note": note,
        "late": key == LATE,
        "rows": [todo for row in found if (todo := _todo(row, known, table, now))],
        "more": more % {"n": rest} if rest > 0 else "",
        "more_url": f"{reverse('issues:inbox')}?show={key}" if rest > 0 else "",
    }


def _todo(row: dict[str, Any], known: Material, table: Any, now: datetime) -> dict[str, Any] | None:
    issue = known.issues.get(row["subject_id"])
    if issue is None:
        return None
    said = words(row, issue, known)
    url = reverse("issues:page", args=[issue.number])
    return {
        "light": clockviews.light_of(table, row["yellow_at"], row["due_at"], row["red_at"], now),
        "text": said.text,
        "url": f"{url}{said.anchor}",
        "meta": _meta(row, issue, known),
        "due": _("due %(day)s %(weekday)s") % {"day": fmt.md(row["due_at"]), "weekday": fmt.weekday(row["due_at"])},
        "verb": said.verb,
        "act_url": f"{url}{said.act}/" if said.act else f"{url}{said.anchor}",
    }


def _meta(row: dict[str, Any], issue: Issue, known: Material) -> str:
    who = issue.enterprise.name if issue.enterprise else issue.body.enterprise_claim
    alike = [hint for hint in known.alike.get(issue.pk, []) if hint.alike]
    parts = [
        issue.number,
        who if who and policy.fields(known.actor, issue).who else "",
        str(issue.get_channel_display()) if issue.state == State.SUBMITTED else "",
        _("round %(n)d") % {"n": issue.round} if issue.round > 1 else "",
        _("perhaps the same as %(number)s") % {"number": alike[0].number} if alike else "",
    ]
    return "　".join(part for part in parts if part)


# --- the strip of days -----------------------------------------------------------------------------------------------


def week(rows: list[dict[str, Any]], now: datetime, days: int = 10) -> list[dict[str, Any]]:
    """Overdue, then today and the next nine working days; each run of days off is one hatched cell."""
    table = calendar.current()
    late = [row for row in rows if row["due_at"] < now]
    counts = Counter(clock.local(row["due_at"]).date() for row in rows if row["due_at"] >= now)
    worst = max((-clockviews.days_left(table, row["due_at"], now) for row in late), default=0)
    note = _("up to %(n)d d") % {"n": worst} if worst > 0 else ""
    cells: list[dict[str, Any]] = [
        {
            "title": _("Already overdue"),
            "count": len(late),
            "note": note,
            "url": "#late" if late else "",
            "late": bool(late),
        }
    ]
    day, today, shown = clock.local(now).date(), clock.local(now).date(), 0
    while shown < days:
        if table.is_working(day) or counts[day]:
            cells.append(_cell(day, today, counts[day], now))
            shown += 1
        elif not cells[-1].get("off"):
            cells.append({"off": _("Days off, no working days")})
        day += timedelta(days=1)
    return cells


def _cell(day: date, today: date, count: int, now: datetime) -> dict[str, Any]:
    name = (
        _("Today %(weekday)s") % {"weekday": fmt.weekday(day)} if day == today else f"{fmt.md(day)} {fmt.weekday(day)}"
    )
    group = group_of(calendar.close_of_business(day), now) if day != today else TODAY
    return {
        "title": name,
        "count": count,
        "note": _("due") if count else _("nothing due"),
        "url": f"#{group}" if count else "",
        "today": day == today,
    }


def lede(rows: list[dict[str, Any]], now: datetime) -> str:
    """One sentence on what to do now."""
    late = sum(group_of(row["due_at"], now) == LATE for row in rows)
    today = sum(group_of(row["due_at"], now) == TODAY for row in rows)
    if late:
        return _("%(n)d to do today, %(late)d of them overdue. Begin with the first.") % {
            "n": late + today,
            "late": late,
        }
    if today:
        return ngettext("%(n)d to do today.", "%(n)d to do today.", today) % {"n": today}
    return _("Nothing falls due today.")
