"""Every write of WHAT, one verb each. Each records itself in the audit trail, in the same transaction."""

from projects.services.briefs import print_briefs
from projects.services.chains import add_target, change_chain, create_chain, record_meeting, remind_of_chains
from projects.services.enterprises import change_enterprise, create_enterprise, merge_enterprise
from projects.services.imports import apply_import, check_import, undo_import
from projects.services.invitations import NewAccount, confirm_invitation, invite_enterprise, withdraw_invitation
from projects.services.items import assign_item, drop_item, finish_item, refuse_item, return_item, start_item
from projects.services.leads import (
    answer_park,
    evaluate,
    give_opinion,
    issue_brief,
    recommend_park,
    record_decision,
    record_first_talk,
    record_review,
    register_lead,
    set_target,
)
from projects.services.lines import change_line, close_line, create_line
from projects.services.log import log_contact, remind_of_silence
from projects.services.managers import end_manager, end_member, name_manager, name_member
from projects.services.money import Answer, Entry, answer_months, enter_months, plan_year
from projects.services.moving import move_projects
from projects.services.plan import add_item, deny_revision, grant_revision, plan_from_template, revise_item
from projects.services.projects import change_project, correct_date, create_project, describe_project, record_date
from projects.services.promises import add_promise, check_promise, raise_promise
from projects.services.reminding import remind_of_months, tell_of_friday
from projects.services.stages import add_project_file, advance, override_gate, strike_off, terminate

__all__ = [
    "Answer",
    "Entry",
    "NewAccount",
    "add_item",
    "add_project_file",
    "add_promise",
    "add_target",
    "advance",
    "answer_months",
    "answer_park",
    "apply_import",
    "assign_item",
    "change_chain",
    "change_enterprise",
    "change_line",
    "change_project",
    "check_import",
    "check_promise",
    "close_line",
    "confirm_invitation",
    "correct_date",
    "create_chain",
    "create_enterprise",
    "create_line",
    "create_project",
    "deny_revision",
    "describe_project",
    "drop_item",
    "end_manager",
    "end_member",
    "enter_months",
    "evaluate",
    "finish_item",
    "give_opinion",
    "grant_revision",
    "invite_enterprise",
    "issue_brief",
    "log_contact",
    "merge_enterprise",
    "move_projects",
    "name_manager",
    "name_member",
    "override_gate",
    "plan_from_template",
    "plan_year",
    "print_briefs",
    "raise_promise",
    "recommend_park",
    "record_date",
    "record_decision",
    "record_first_talk",
    "record_meeting",
    "record_review",
    "refuse_item",
    "register_lead",
    "remind_of_chains",
    "remind_of_months",
    "remind_of_silence",
    "return_item",
    "revise_item",
    "set_target",
    "start_item",
    "strike_off",
    "tell_of_friday",
    "terminate",
    "undo_import",
    "withdraw_invitation",
]
