"""How far an issue is, as the five steps that a submitter knows: received, given, handled, answered, rated."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from common import fmt
from deadlines.models import Clock
from deadlines.states import ClockKind
from issues import policy
from issues.models import Issue
from issues.public.course import Course
from issues.public.forms import SATISFACTION, SOLVED
from issues.states import Action, Outcome, State

DONE, NOW, NEXT = "done", "now", "next"
K = ClockKind


def rows(course: Course) -> list[dict[str, str]]:
    """Received, given to a unit, being handled, answered, rated; what ends before has fewer steps."""
    state = State(course.issue.state)
    first = [_received(course)]
    if state == State.RETURNED:
        return [*first, _asked(course), _given(course, NEXT), _handled(course, NEXT), _answer(course, NEXT), _say(NEXT)]
    if state == State.DECLINED:
        return [*first, _ended(course, _("Not taken on"))]
    if state == State.WITHDRAWN:
        given = [_given(course, DONE)] if course.issue.assigned_at else []
        return [*first, *given, _ended(course, _("Withdrawn"))]
    if state == State.SUBMITTED:
        return [*first, _given(course, NOW), _handled(course, NEXT), _answer(course, NEXT), _say(NEXT)]
    return [*first, *_later(course, state)]


def _later(course: Course, state: State) -> list[dict[str, str]]:
    """From the assignment on; a joined issue follows the other one."""
    shown = State(course.led.state) if state == State.MERGED else state
    given = _joined(course) if state == State.MERGED else _given(course, DONE)
    if state == State.MERGED and course.issue.invitations:
        return [given, _handled(course, DONE), _answer(course, DONE), _rated(course)]
    if shown == State.PROPOSED:
        return [given, _handled(course, DONE), _answer(course, NOW), _say(NEXT)]
    if shown in (State.RATING, State.DISPUTED, State.CLOSED):
        steps = [given, _handled(course, DONE), _answer(course, DONE), _rated(course)]
        if shown == State.DISPUTED:
            steps.append(_row(_("How it goes on"), NOW, _("You are not satisfied: we decide who takes it up again.")))
        return steps
    if shown in (State.SUBMITTED, State.RETURNED):
        return [given, _handled(course, NEXT), _answer(course, NEXT), _say(NEXT)]
    return [given, _handled(course, NOW), _answer(course, NEXT), _say(NEXT)]


def sentences(*parts: str) -> str:
    """One after the other: with a blank between them, but not in Chinese."""
    blank = "" if (get_language() or "zh").startswith("zh") else " "
    return blank.join(part for part in parts if part)


def _row(title: str, state: str, text: str = "", time: str = "") -> dict[str, str]:
    return {"title": title, "state": state, "text": text, "time": time}


def moment(instant: datetime | None) -> str:
    return f"{fmt.plain_date(instant)} {fmt.hm(instant)}" if instant else ""


def until(running: Clock | None) -> str:
    return _("by %(day)s") % {"day": fmt.plain_date(running.due_at)} if running else ""


def _received(course: Course) -> dict[str, str]:
    issue = course.issue
    text = _("Our staff wrote it down for you.") if issue.on_behalf else _("You submitted it.")
    own = sum(one.by == "submitter" for one in course.files)
    if own:
        text = sentences(text, ngettext("With %(n)d file.", "With %(n)d files.", own) % {"n": own})
    return _row(_("Received from you"), DONE, text, moment(issue.submitted_at))


def _asked(course: Course) -> dict[str, str]:
    text = _("We need more from you before it can be handled.")
    return _row(_("Please tell us more"), NOW, text, until(course.running(K.SUPPLEMENT)))


def _given(course: Course, state: str) -> dict[str, str]:
    issue = course.issue
    if state != DONE:
        text = _("We choose the unit in charge.")
        return _row(_("Given to a unit"), state, text, until(course.running(K.ACCEPTANCE)))
    text = sentences(_unit(issue), _helpers(issue))
    return _row(_("Given to a unit"), DONE, text, moment(issue.assigned_at))


def _unit(issue: Issue) -> str:
    return _("%(unit)s handles it.") % {"unit": issue.lead_unit.name} if issue.lead_unit else ""


def _helpers(issue: Issue) -> str:
    names = _(", ").join(part.unit.name for part in policy.open_parts(issue) if part.kind == "co")
    return _("%(units)s helps.") % {"units": names} if names else ""


def _joined(course: Course) -> dict[str, str]:
    text = sentences(_("Others reported the same problem: it is handled together."), _unit(course.led))
    return _row(_("Joined with another report"), DONE, text, moment(course.issue.closed_at))


def _handled(course: Course, state: str) -> dict[str, str]:
    if state == NEXT:
        return _row(_("Being handled"), NEXT, _("The unit looks into it and tells you how it goes."))
    if state == DONE:
        return _row(_("Handled"), DONE, _round(course), moment(course.led.proposed_at))
    return _row(_("Being handled"), NOW, _handling_words(course), until(course.running(K.RESOLUTION)))


def _handling_words(course: Course) -> str:
    issue = course.led
    if issue.state == State.ASSIGNED:
        words = _("The unit has been told and signs for it next.")
    elif issue.state == State.COORDINATING and issue.layer >= 3:
        words = _("It lies with the heads of the district, who decide how it goes on.")
    elif issue.state == State.COORDINATING:
        words = _("It lies with the district leader in charge, who decides how it goes on.")
    elif issue.state == State.SUSPENDED:
        words = _("Put off for the time being; the clocks stand still.")
    else:
        words = _("The unit has signed for it and works on it.")
    return sentences(words, _round(course))


def _round(course: Course) -> str:
    n = course.led.round
    return _("This is round %(n)d.") % {"n": n} if n > 1 else ""


def _answer(course: Course, state: str) -> dict[str, str]:
    if state == NEXT:
        return _row(_("Answer to you"), NEXT, _("The unit answers, we check the answer, then you read it here."))
    if state == NOW:
        text = _("The unit has answered; we check whether the answer holds.")
        return _row(_("Answer to you"), NOW, text, until(course.running(K.VERIFICATION)))
    return _row(_("Answer to you"), DONE, outcome(course), moment(course.led.verified_at))


def outcome(course: Course) -> str:
    """What came of it, in a sentence."""
    issue = course.led
    words = {
        Outcome.SOLVED.value: _("The unit says: solved."),
        Outcome.PARTLY.value: _("The unit says: partly solved."),
        Outcome.PROMISED.value: _("The unit promises it for %(day)s.") % {"day": fmt.cn_date(issue.promised_on)},
        Outcome.IMPOSSIBLE.value: _("The unit says: it cannot be done."),
    }
    return words.get(issue.outcome, "")


def _say(state: str) -> dict[str, str]:
    return _row(
        _("Your word"),
        state,
        _("You are asked to rate it; if you are not satisfied, it goes on or the supervision office reviews it."),
    )


def _rated(course: Course) -> dict[str, str]:
    issue = course.issue
    if issue.solved and issue.satisfaction:
        event = course.last(Action.RATE)
        return _row(_("You have rated"), DONE, rated_words(issue), moment(event.at if event else None))
    if "rate" in course.allowed:
        return _row(_("Your word"), NOW, _("Is it solved, and are you satisfied?"), until(course.running(K.RATING)))
    return _row(_("Your word"), DONE, _("There was no answer from you."))


def rated_words(issue: Issue) -> str:
    """问题解决了，满意."""
    solved, satisfied = dict(SOLVED), dict(SATISFACTION)
    words = [solved.get(issue.solved), satisfied.get(str(issue.satisfaction))]
    return _(", ").join(str(word) for word in words if word)


def _ended(course: Course, title: str) -> dict[str, str]:
    return _row(title, DONE, "", moment(course.issue.closed_at))
