"""The sections, navigation and audit words of the work on a project: plan, money, promises, log; and its deadlines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import messages
from accounts.actors import Actor
from common import nav
from projects import sections
from projects.models import MonthFigure
from projects.policy import MAY, WATCHING, reads_whole

ACTS = {
    "add_item": _("Enter an item of the plan"),
    "plan_from_template": _("Plan from a template"),
    "start_item": _("Begin an item of the plan"),
    "return_item": _("Return an approval"),
    "finish_item": _("Finish an item of the plan"),
    "refuse_item": _("Refuse an approval"),
    "assign_item": _("Give an item of the plan to a unit"),
    "drop_item": _("Drop an item of the plan"),
    "revise_item": _("Change dates of the plan"),
    "grant_revision": _("Consent to a later date"),
    "deny_revision": _("Deny a later date"),
    "plan_year": _("Plan the investment of a year"),
    "enter_months": _("Enter investment"),
    "answer_months": _("Answer for statistics"),
    "add_promise": _("Enter a promise"),
    "check_promise": _("Check a promise"),
    "raise_promise": _("Make an issue of a broken promise"),
    "log_contact": _("Enter a contact"),
}
KINDS = {"planitem": _("Item of the plan"), "monthfigure": _("Investment of a month"), "promise": _("Promise")}


def register() -> None:
    sections.register("plan", _("Plan"), "projects:plan", order=30)
    sections.register("investment", _("Investment"), "projects:money", order=40, visible=reads_whole)
    sections.register("promises", _("Promises"), "projects:promises", order=60, visible=reads_whole)
    sections.register("log", _("Service log"), "projects:log", order=70, visible=reads_whole)
    nav.register(nav.SUPERVISION, _("Approvals"), "projects:approvals", visible=_watches, order=45)
    nav.register(nav.WORK, _("Investment of the month"), "projects:investment", visible=_counts, order=60)
    messages.register(ACTS, KINDS)


def _watches(actor: Actor) -> bool:
    return actor.has(*WATCHING)


def _counts(actor: Actor) -> bool:
    return actor.has(*MAY[MonthFigure]["view"])
