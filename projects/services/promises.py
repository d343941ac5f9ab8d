"""What the agreement binds each side to (诚信履约回头看): entered, looked back at, a broken one made an issue."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Unit
from accounts.services._steps import authorise, take
from common import clock
from common.errors import Conflict, ValidationError, require
from projects import raising
from projects.models import Project, Promise, PromiseCheck
from projects.services._steps import check, living_unit, not_future, note, still_going
from projects.states import CheckResult, PromiseSide


@transaction.atomic
def add_promise(
    *,
    actor: Actor,
    project_id: int,
    side: str,
    text: str,
    due_on: date,
    clause: str = "",
    unit: Unit | None = None,
) -> Promise:
    """What ``side`` owes until ``due_on``; a promise of the government has a responsible unit. 404, 403, 409
    when the project has ended, 400."""
    project = take(Project, actor, pk=project_id)
    authorise(actor, "add_promise", project)
    still_going(project)
    living_unit(unit)
    promise = Promise(
        project=project,
        side=side,
        text=text.strip(),
        clause=clause.strip(),
        due_on=due_on,
        unit=unit,
        entered_by=actor.user,
        entered_at=clock.now(),
    )
    check(promise)
    if side == PromiseSide.GOVERNMENT and unit is None:
        raise ValidationError({"unit": [_("Who of the government owes it?")]})
    promise.save()
    note(actor, "add_promise", project, project.code, side=side, due_on=due_on.isoformat())
    return promise


@transaction.atomic
def check_promise(
    *, actor: Actor, promise_id: int, on: date, result: str, finding: str = "", text: str = ""
) -> PromiseCheck:
    """What was found ``on`` that day; the last check counts. A broken promise needs a finding. 404, 403, 400."""
    promise = take(Promise, actor, pk=promise_id)
    authorise(actor, "check_promise", promise)
    not_future("on", on)
    broken = result == CheckResult.BROKEN
    if broken != bool(finding):
        wrong = _("Say what was found.") if broken else _("Only a broken promise has a finding.")
        raise ValidationError({"finding": [wrong]})
    if broken:
        require(text=(text.strip(), _("Say what was found.")))
    found = PromiseCheck(
        promise=promise,
        on=on,
        result=result,
        finding=finding,
        text=text.strip(),
        by=actor.user,
        at=clock.now(),
    )
    check(found)
    found.save()
    note(actor, "check_promise", promise, promise.project.code, result=result, finding=finding)
    return found


@transaction.atomic
def raise_promise(*, actor: Actor, promise_id: int) -> PromiseCheck:
    """The finding of the last check becomes an issue, once; its number stays on the check. 404, 403, 409, 400."""
    promise = take(Promise, actor, pk=promise_id)
    authorise(actor, "raise_promise", promise)
    found = promise.checks.first()
    if found is None or found.result != CheckResult.BROKEN:
        raise Conflict(_("The last check did not find this promise broken."), state=found.result if found else "none")
    if found.issue:
        raise Conflict(_("It is an issue already: %(number)s.") % {"number": found.issue}, state="raised")
    found.issue = raising.raise_issue(actor, promise, found)
    found.save(update_fields=["issue"])
    note(actor, "raise_promise", promise, promise.project.code, issue=found.issue)
    return found
