"""The entries of this app in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts import landing
from accounts.actors import Actor
from accounts.roles import Role
from accounts.rules import AUDIT_READERS
from common import nav


def register() -> None:
    nav.register(nav.OVERVIEW, _("Units"), "accounts:units", visible=landing.is_staff, order=80)
    nav.register(nav.OVERVIEW, _("People and posts"), "accounts:users", visible=landing.is_staff, order=81)
    nav.register(nav.OVERVIEW, _("Audit log"), "accounts:audit", visible=_reads_audit, order=95)
    nav.register(nav.ME, _("My account"), "accounts:profile", order=10)
    landing.register(Role.SYSTEM_ADMIN, "accounts:users")
    landing.register(Role.SECURITY_ADMIN, "accounts:users")
    landing.register(Role.AUDIT_ADMIN, "accounts:audit")


def _reads_audit(actor: Actor) -> bool:
    return actor.has(*AUDIT_READERS)
