"""The entries of this app in the navigation, and its words in the audit log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import landing, messages
from accounts.actors import Actor
from common import nav
from projects import sections
from projects.policy import CONFIRMING, INVITING, MEETING_ENTERPRISES

ACTS = {
    "create_enterprise": _("Enter an enterprise"),
    "change_enterprise": _("Change an enterprise"),
    "merge_enterprise": _("Merge enterprises"),
    "invite_enterprise": _("Invite an enterprise"),
    "confirm_invitation": _("Confirm an invitation"),
    "withdraw_invitation": _("Withdraw an invitation"),
    "create_project": _("Enter a project"),
    "check_import": _("Send in a list of projects"),
    "apply_import": _("Take over a list of projects"),
    "undo_import": _("Undo a list of projects"),
    "import_project": _("Written by a list of projects"),
    "create_line": _("Enter a line"),
    "change_line": _("Change a line"),
    "close_line": _("End a line"),
}
KINDS = {
    "enterprise": _("Enterprise"),
    "enterpriseinvitation": _("Invitation"),
    "project": _("Project"),
    "line": _("Service line"),
    "projectimport": _("List of projects"),
}


def register() -> None:
    nav.register(nav.OVERVIEW, _("Projects"), "projects:projects", visible=_meets_enterprises, order=30)
    nav.register(nav.OVERVIEW, _("Enterprises"), "projects:enterprises", visible=_meets_enterprises, order=40)
    nav.register(nav.OVERVIEW, _("Wall chart"), "projects:wall", visible=_meets_enterprises, order=35)
    nav.register(nav.OVERVIEW, _("Service lines"), "projects:lines", visible=landing.is_staff, order=50)
    nav.register(nav.OVERVIEW, _("Invitations"), "projects:invitations", visible=_invites, order=45)
    messages.register(ACTS, KINDS)
    sections.register("overview", _("Overview"), "projects:project", order=10)


def _meets_enterprises(actor: Actor) -> bool:
    return actor.has(*MEETING_ENTERPRISES)


def _invites(actor: Actor) -> bool:
    return actor.has(*INVITING, *CONFIRMING)
