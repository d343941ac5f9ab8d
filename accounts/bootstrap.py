"""The people and units without whom nobody could begin: the coordinator's office, the supervisor's, 三员."""

from __future__ import annotations

from django.db import transaction

from accounts.actors import SYSTEM
from accounts.models import District, Post, Unit, User
from accounts.roles import Role, UnitKind
from accounts.services import NewUser, UnitRow, change_district, create_post, create_units, create_user

ROOT, OFFICE, SUPERVISION, SECURITY = "QZF", "YSB", "DCS", "XXZX"
UNITS = (
    UnitRow(ROOT, "区委区政府", UnitKind.LEADERSHIP),
    UnitRow(OFFICE, "区营商环境建设办公室", UnitKind.DEPARTMENT, ROOT, "区营商办"),
    UnitRow(SUPERVISION, "区政府督查室", UnitKind.DEPARTMENT, ROOT, "区督查室"),
    UnitRow(SECURITY, "区政务信息中心", UnitKind.DEPARTMENT, ROOT, "区信息中心"),
)
# User name is the role's code; the name on pages is the post's, until the person is entered.
FIRST = (
    (Role.SYSTEM_ADMIN, "系统管理员", SECURITY),
    (Role.SECURITY_ADMIN, "安全保密管理员", SECURITY),
    (Role.AUDIT_ADMIN, "安全审计员", SUPERVISION),
    (Role.COORDINATOR, "营商办协调员", OFFICE),
)


@transaction.atomic
def district(name: str, phone: str = "") -> str | None:
    """Give the district its name, unless it has one: renaming is ``change_district``."""
    if District.objects.exists():
        return None
    change_district(actor=SYSTEM, name=name, office=f"{name}营商环境建设办公室", phone=phone)
    return name


@transaction.atomic
def units() -> str | None:
    have = set(Unit.objects.filter(code__in=[row.code for row in UNITS]).values_list("code", flat=True))
    missing = [row for row in UNITS if row.code not in have]
    if missing:
        create_units(actor=SYSTEM, rows=missing)
    return "、".join(row.name for row in missing) or None


@transaction.atomic
def people() -> list[NewUser]:
    """The first accounts that are not there yet, with their passwords. Those of others are not told again."""
    made = []
    for role, name, unit in FIRST:
        if User.objects.filter(username=role).exists() or Post.objects.current().filter(role=role).exists():
            continue
        new = create_user(actor=SYSTEM, username=role, name=name)
        create_post(actor=SYSTEM, user=new.user, role=role, unit=Unit.objects.get(code=unit), title=name)
        made.append(new)
    return made
