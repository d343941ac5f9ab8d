"""The words for roles and kinds of unit (PRODUCT.md §1). Pure data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    ENTERPRISE = "enterprise", _("Enterprise user")
    OBSERVER = "observer", _("Business environment observer")
    SPECIALIST = "specialist", _("Service specialist")
    UNIT_OFFICER = "unit_officer", _("Unit liaison officer")
    UNIT_HEAD = "unit_head", _("Head of unit")
    SERVICE_OFFICE = "service_office", _("Leader's service office")
    LEADER = "leader", _("District leader")
    CHIEF = "chief", _("Chief of the district")
    COORDINATOR = "coordinator", _("Coordinator")
    SUPERVISOR = "supervisor", _("Supervision office")
    DISCIPLINE = "discipline", _("Discipline inspection")
    STATISTICS = "statistics", _("Statistics office")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDIT_ADMIN = "audit_admin", _("Audit administrator")


ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
UNIT_ROLES = frozenset({Role.UNIT_OFFICER, Role.UNIT_HEAD})
# They see everything operational (PRODUCT.md §1, column "sees").
OPERATIONAL_ROLES = frozenset({Role.COORDINATOR, Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR})


class UnitKind(TextChoices):
    LEADERSHIP = "leadership", _("District leadership")
    DEPARTMENT = "department", _("District department")
    TOWN = "town", _("Town or subdistrict")
    PARK = "park", _("Park or industry office")
    UTILITY = "utility", _("Public utility")
    VERTICAL = "vertical", _("Municipal or vertical unit")


class Group(TextChoices):
    """The groups of the monthly assessment (PRODUCT.md §6)."""

    DEPARTMENTS = "departments", _("Departments")
    TOWNS_PARKS = "towns_parks", _("Towns and parks")
    PROJECT_UNITS = "project_units", _("Project-responsible units")


# Units of a kind are assessed in this group unless master data says otherwise.
GROUP_OF_KIND = {
    UnitKind.DEPARTMENT: Group.DEPARTMENTS,
    UnitKind.UTILITY: Group.DEPARTMENTS,
    UnitKind.VERTICAL: Group.DEPARTMENTS,
    UnitKind.TOWN: Group.TOWNS_PARKS,
    UnitKind.PARK: Group.TOWNS_PARKS,
}
