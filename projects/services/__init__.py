"""Every write of WHAT, one verb each. Each records itself in the audit trail, in the same transaction."""

from projects.services.enterprises import change_enterprise, create_enterprise, merge_enterprise
from projects.services.imports import apply_import, check_import, undo_import
from projects.services.invitations import NewAccount, confirm_invitation, invite_enterprise, withdraw_invitation
from projects.services.items import drop_item, finish_item, refuse_item, return_item, start_item
from projects.services.lines import change_line, close_line, create_line
from projects.services.log import log_contact, remind_of_silence
from projects.services.money import Answer, Entry, answer_months, enter_months, plan_year
from projects.services.plan import add_item, deny_revision, grant_revision, plan_from_template, revise_item
from projects.services.projects import create_project
from projects.services.promises import add_promise, check_promise, raise_promise
from projects.services.reminding import remind_of_months, tell_of_friday

__all__ = [
    "Answer",
    "Entry",
    "NewAccount",
    "add_item",
    "add_promise",
    "answer_months",
    "apply_import",
    "change_enterprise",
    "change_line",
    "check_import",
    "check_promise",
    "close_line",
    "confirm_invitation",
    "create_enterprise",
    "create_line",
    "create_project",
    "deny_revision",
    "drop_item",
    "enter_months",
    "finish_item",
    "grant_revision",
    "invite_enterprise",
    "log_contact",
    "merge_enterprise",
    "plan_from_template",
    "plan_year",
    "raise_promise",
    "refuse_item",
    "remind_of_months",
    "remind_of_silence",
    "return_item",
    "revise_item",
    "start_item",
    "tell_of_friday",
    "undo_import",
    "withdraw_invitation",
]
