"""What is promised now, in one sentence that needs no explanation, and one that says more."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock, fmt
from deadlines import calendar
from deadlines.models import Clock
from deadlines.states import ClockKind
from issues import states
from issues.public.course import Course, data_of
from issues.states import Action, State

K = ClockKind


def words(course: Course, now: datetime) -> dict[str, str]:
    """One sentence on what happens next and by when, and one that says more."""
    issue = course.issue
    writers = {
        State.SUBMITTED: _submitted,
        State.RETURNED: _returned,
        State.ASSIGNED: _working,
        State.HANDLING: _working,
        State.COORDINATING: _working,
        State.SUSPENDED: _suspended,
        State.PROPOSED: _proposed,
        State.RATING: _rating,
        State.DISPUTED: _disputed,
        State.CLOSED: _closed,
        State.DECLINED: _declined,
        State.MERGED: _merged,
        State.WITHDRAWN: _withdrawn,
    }
    text, more = writers[State(issue.state)](course, now)
    return {"text": text, "more": more}


def by(running: Clock | None) -> str:
    """12月9日（周三）, with a word where next year's holidays are not announced yet."""
    if running is None:
        return ""
    day = fmt.cn_date(running.due_at)
    if not running.provisional:
        return day
    return _("%(day)s (next year's holidays are not announced yet: it may move a little)") % {"day": day}


def late(running: Clock | None, now: datetime) -> bool:
    return running is not None and running.paused_at is None and now > running.due_at


def left(running: Clock | None, now: datetime) -> str:
    """还剩 14 个工作日 / 今天到期 / 已经晚了 2 个工作日."""
    if running is None:
        return ""
    days = calendar.working_days_between(clock.local(now).date(), clock.local(running.due_at).date())
    if late(running, now):
        n = max(-days, 1)
        return ngettext("%(n)d working day late", "%(n)d working days late", n) % {"n": n}
    if days == 0:
        return _("due today at %(time)s") % {"time": fmt.hm(running.due_at)}
    return ngettext("%(n)d working day left", "%(n)d working days left", days) % {"n": days}


def _submitted(course: Course, now: datetime) -> tuple[str, str]:
    running = course.running(K.ACCEPTANCE)
    if late(running, now):
        return _("We have received it, and should have given it to a unit by now"), _(
            "You can ask us by phone; the number stands below."
        )
    return _("We have received it, and give it to a unit by %(day)s") % {"day": by(running)}, _(
        "Then this page shows who handles it."
    )


def _returned(course: Course, now: datetime) -> tuple[str, str]:
    event = course.last(Action.RETURN)
    text = data_of(event).get("text", "") if event else ""
    return _("Please tell us more by %(day)s") % {"day": by(course.running(K.SUPPLEMENT))}, text


def _working(course: Course, now: datetime) -> tuple[str, str]:
    running = course.running(K.RESOLUTION)
    if running is None:
        return _("It is being handled"), ""
    if late(running, now):
        text = _("It is late: the answer was promised for %(day)s") % {"day": fmt.cn_date(running.due_at)}
        told = _("The head of the unit has been told.")
        if now >= running.red_at:
            told = _("It has gone up to the district leader by itself.")
        return text, f"{left(running, now)}\n{told}"
    text = _("It is being handled; you get an answer by %(day)s") % {"day": by(running)}
    parts = [left(running, now)]
    if running.extended:
        parts.append(_("first promised for %(day)s, later extended") % {"day": fmt.cn_date(running.first_due_at)})
    then = _("No answer by then: the head of the unit is told, and three working days later the district leader.")
    return text, "\n".join((_("; ").join(parts), then))


def _suspended(course: Course, now: datetime) -> tuple[str, str]:
    event = course.last(Action.GRANT)
    until = data_of(event).get("until") if event else None
    if not until:
        return _("Put off for the time being"), ""
    day = fmt.cn_date(datetime.fromisoformat(until).date())
    return _("Put off; on %(day)s it goes on by itself") % {"day": day}, _(
        "The days until then are not lost to you: the promised date moves by as many."
    )


def _proposed(course: Course, now: datetime) -> tuple[str, str]:
    return _("The unit has answered; we check it by %(day)s") % {"day": by(course.running(K.VERIFICATION))}, _(
        "Then you read the answer here and say whether it is solved."
    )


def _rating(course: Course, now: datetime) -> tuple[str, str]:
    return _("Please say by %(day)s whether it is solved") % {"day": by(course.running(K.RATING))}, _(
        "You are asked to rate it; if you are not satisfied, it goes on or the supervision office reviews it. "
        "The unit does not see what you write."
    )


def _disputed(course: Course, now: datetime) -> tuple[str, str]:
    return _("You are not satisfied; by %(day)s we decide how it goes on") % {"day": by(course.running(K.DISPUTE))}, _(
        "The decision stands here then."
    )


def _closed(course: Course, now: datetime) -> tuple[str, str]:
    issue = course.issue
    text = _("Finished on %(day)s") % {"day": fmt.cn_date(issue.closed_at)}
    if "rate" in course.allowed:
        if issue.promise_asked_at:
            return _("The promised date is over: has it been kept?"), _("If it hasn't, handling begins again.")
        return text, _("You can still say whether it is solved.")
    if "reopen" in course.allowed:
        return text, _("If it is not solved after all, you can have it reopened once within 30 days.")
    return text, ""


def _declined(course: Course, now: datetime) -> tuple[str, str]:
    event = course.last(Action.DECLINE)
    data = data_of(event) if event else {}
    reason = data.get("reason")
    word = str(states.DeclineReason(reason).label) if reason in states.DeclineReason.values else ""
    return _("We cannot take this on: %(reason)s") % {"reason": word}, str(data.get("text") or "")


def _merged(course: Course, now: datetime) -> tuple[str, str]:
    if "rate" in course.allowed:
        return _("Please say whether it is solved"), _("The unit does not see what you write.")
    if course.issue.solved:
        return _("Finished: thank you for your answer"), ""
    return _("It is handled together with another report of the same problem"), _(
        "What the unit says stands here; in the end you too are asked whether it is solved."
    )


def _withdrawn(course: Course, now: datetime) -> tuple[str, str]:
    event = course.last(Action.WITHDRAW)
    if event and data_of(event).get("why") == "not_supplemented":
        return _("Closed, as nothing more came from you in time"), _("You can submit it again at any time.")
    return _("You have withdrawn it"), _("You can submit it again at any time.")
