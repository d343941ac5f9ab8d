"""The entries of the staff pages in the navigation, and where enterprises and observers belong after sign-in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import landing
from accounts.actors import Actor
from accounts.roles import ADMIN_ROLES, Role
from common import nav
from issues import todos
from issues.services.master import may_edit
from projects import sections

# They have no case content beyond what their duty needs.
NO_CASES = ADMIN_ROLES | {Role.STATISTICS}


def handles_cases(actor: Actor) -> bool:
    return landing.is_staff(actor) and not actor.roles <= NO_CASES | landing.OUTSIDERS


def is_outside(actor: Actor) -> bool:
    return not landing.is_staff(actor) and actor.has(*landing.OUTSIDERS)


def at_desk(actor: Actor) -> bool:
    """The chiefs' entry comes and goes with the complaints that nobody else may take up."""
    return actor.has(Role.COORDINATOR, Role.SUPERVISOR) or (actor.has(Role.CHIEF) and todos.anything_new(actor))


def register() -> None:
    nav.register(nav.WORK, _("To-dos"), "issues:inbox", visible=handles_cases, count=todos.count, order=10, topbar=True)
    nav.register(nav.WORK, _("My issues"), "issues:mine", visible=is_outside, order=10, topbar=True)
    nav.register(nav.WORK, _("Issues"), "issues:list", visible=handles_cases, order=20)
    nav.register(nav.WORK, _("Triage"), "issues:triage", visible=at_desk, order=30)
    nav.register(nav.WORK, _("Decisions"), "issues:decisions", visible=handles_cases, order=40)
    nav.register(nav.OVERVIEW, _("Categories"), "issues:categories", visible=may_edit, order=90)
    nav.register_search("issues:list")
    sections.register("issues", _("Issues"), "issues:of_project", order=55)
    landing.register(Role.OBSERVER, "issues:mine")
