"""The entries of this app in the navigation, and its words in the audit log."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import landing, messages
from accounts.actors import Actor
from accounts.roles import Role
from common import nav
from deadlines import registry as deadlines
from documents import registry as documents
from projects import gates, sections
from projects.policy import CONFIRMING, INVITING, MEETING_ENTERPRISES, reads_whole
from projects.services import items
from projects.services.stages import may_read_file
from projects.states import SUBJECT
from projects.views.mine import SERVING

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
    "change_project": _("Change the facts of a project"),
    "describe_project": _("Describe a project"),
    "add_project_file": _("Add a file to a project"),
    "record_date": _("Record a day of a project"),
    "correct_date": _("Correct a day of a project"),
    "name_manager": _("Name a project manager"),
    "end_manager": _("End a project manager"),
    "name_member": _("Name a member of the service team"),
    "end_member": _("End a member of the service team"),
    "move_projects": _("Move duties to another leader"),
    "advance": _("On to the next stage"),
    "override_gate": _("Pass a gate although something is missing"),
    "terminate": _("Terminate a project"),
    "strike_off": _("Strike a project off"),
    "register_lead": _("Register a lead"),
    "record_first_talk": _("Record the first contact"),
    "evaluate": _("Finish the 5+2 evaluation"),
    "recommend_park": _("Recommend a park"),
    "answer_park": _("Answer about the park"),
    "record_review": _("Record a joint pre-review"),
    "record_decision": _("Record a meeting's decision"),
    "issue_brief": _("Issue the investment brief"),
    "give_opinion": _("Give an opinion on the brief"),
    "set_target": _("Set a target of the library"),
    "create_chain": _("Enter a chain"),
    "change_chain": _("Change a chain"),
    "record_meeting": _("Record a meeting of a chain"),
    "add_target": _("Enter a target enterprise"),
    "create_line": _("Enter a line"),
    "change_line": _("Change a line"),
    "close_line": _("End a line"),
}
KINDS = {
    "enterprise": _("Enterprise"),
    "enterpriseinvitation": _("Invitation"),
    "project": _("Project"),
    "librarytarget": _("Target of the library"),
    "line": _("Service line"),
    "chain": _("Industry chain"),
    "projectimport": _("List of projects"),
}


def register() -> None:
    nav.register(nav.OVERVIEW, _("Projects"), "projects:projects", visible=_meets_enterprises, order=30)
    nav.register(nav.WORK, _("My projects"), "projects:my_projects", visible=_leads_or_serves, order=60)
    nav.register(nav.OVERVIEW, _("Leads"), "projects:leads", visible=_meets_enterprises, order=35)
    nav.register(nav.OVERVIEW, _("Enterprises"), "projects:enterprises", visible=_meets_enterprises, order=40)
    nav.register(nav.OVERVIEW, _("Wall chart"), "projects:wall", visible=_meets_enterprises, order=35)
    nav.register(nav.WORK, _("My enterprise"), "projects:corner", visible=_is_enterprise, order=5)
    nav.register(
        nav.OVERVIEW, _("Enterprise ledger"), "projects:enterprise_ledger", visible=_meets_enterprises, order=42
    )
    landing.register(Role.ENTERPRISE, "projects:corner")
    landing.register(Role.STATISTICS, "projects:investment")
    nav.register(nav.OVERVIEW, _("Industry chains"), "projects:chains", visible=landing.is_staff, order=55)
    nav.register(nav.OVERVIEW, _("Service lines"), "projects:lines", visible=landing.is_staff, order=50)
    nav.register(nav.OVERVIEW, _("Invitations"), "projects:invitations", visible=_invites, order=45)
    messages.register(ACTS, KINDS)
    sections.register("overview", _("What it is"), "projects:project", order=10)
    sections.register("lead", _("Lead"), "projects:lead", order=12, visible=reads_whole)
    sections.register("stages", _("Stages"), "projects:stages", order=15)
    sections.register("team", _("Service team"), "projects:team", order=20)
    sections.register("files", _("Files"), "projects:project_files", order=80, visible=reads_whole)
    sections.register("history", _("History"), "projects:project_history", order=90, visible=reads_whole)
    for kind in (gates.AGREEMENT, gates.FILE):
        documents.subject(kind, can_read=may_read_file)
    deadlines.subject(SUBJECT, path="/app/projects/{ref}/")
    deadlines.on_wake(SUBJECT, items.wake)


def _meets_enterprises(actor: Actor) -> bool:
    return actor.has(*MEETING_ENTERPRISES)


def _leads_or_serves(actor: Actor) -> bool:
    return actor.has(*SERVING)


def _invites(actor: Actor) -> bool:
    return actor.has(*INVITING, *CONFIRMING)


def _is_enterprise(actor: Actor) -> bool:
    return actor.has(Role.ENTERPRISE)
