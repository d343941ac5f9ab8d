"""Every write of WHAT, one verb each. Each records itself in the audit trail, in the same transaction."""

from projects.services.enterprises import change_enterprise, create_enterprise, merge_enterprise
from projects.services.imports import apply_import, check_import, undo_import
from projects.services.invitations import NewAccount, confirm_invitation, invite_enterprise, withdraw_invitation
from projects.services.lines import change_line, close_line, create_line
from projects.services.projects import create_project

__all__ = [
    "NewAccount",
    "apply_import",
    "change_enterprise",
    "change_line",
    "check_import",
    "close_line",
    "confirm_invitation",
    "create_enterprise",
    "create_line",
    "create_project",
    "invite_enterprise",
    "merge_enterprise",
    "undo_import",
    "withdraw_invitation",
]
