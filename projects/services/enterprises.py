"""Enterprises: entered, changed, two rows of the same one merged."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.landing import OUTSIDERS
from accounts.models import Post
from accounts.roles import Role, UnitKind
from accounts.services._steps import authorise, changed, take
from common import clock
from common.errors import Conflict, ValidationError
from projects import codes
from projects.models import Enterprise
from projects.services._steps import note

FIELDS = frozenset(
    {
        "name",
        "uscc",
        "town",
        "contact_name",
        "contact_phone",
        "is_key",
        "ownership",
        "size",
        "industry",
        "address",
        "channel",
        "partner",
        "resident",
        "liaison_leader",
        "liaison_unit",
        "specialist",
    }
)
PRIVATE = frozenset({"contact_name", "contact_phone"})


@transaction.atomic
def create_enterprise(*, actor: Actor, name: str, override_reason: str = "", **values: Any) -> Enterprise:
    """A new enterprise; ``values`` are further ``FIELDS``. A credit code whose check character is wrong needs a reason.
    403, 400."""
    _known(values)
    authorise(actor, "create_enterprise", Enterprise)
    enterprise = Enterprise(created_at=clock.now())
    changed(enterprise, _clean({"name": name, **values}))
    _check(enterprise, override_reason, set(values))
    enterprise.save()
    note(actor, "create_enterprise", enterprise, enterprise.pk, name=enterprise.name, **_why(override_reason))
    return enterprise


@transaction.atomic
def change_enterprise(*, actor: Actor, enterprise_id: int, override_reason: str = "", **values: Any) -> Enterprise:
    """Change ``FIELDS``. 404, 403, 409 when it was merged into another, 400."""
    _known(values)
    enterprise = take(Enterprise, actor, pk=enterprise_id)
    authorise(actor, "change_enterprise", enterprise)
    _not_merged(enterprise)
    differences = changed(enterprise, _clean(values))
    if not differences:
        return enterprise
    _check(enterprise, override_reason, set(differences))
    enterprise.save(update_fields=[*differences, "pinyin"])
    shown = {key: ["…", "…"] if key in PRIVATE else pair for key, pair in differences.items()}
    note(actor, "change_enterprise", enterprise, enterprise.pk, changes=shown, **_why(override_reason))
    return enterprise


@transaction.atomic
def merge_enterprise(*, actor: Actor, enterprise_id: int, into_id: int) -> Enterprise:
    """Two rows are the same enterprise: accounts, projects and earlier merges of this one go to ``into``, which reads
    what was filed here. This row stays as the name under which things were filed. 404, 403, 409, 400."""
    if enterprise_id == into_id:
        raise ValidationError({"into": [_("Choose another enterprise.")]})
    # always in the order of the keys, so that two merges cannot wait for each other
    rows = {pk: take(Enterprise, actor, pk=pk) for pk in sorted((enterprise_id, into_id))}
    enterprise, into = rows[enterprise_id], rows[into_id]
    authorise(actor, "merge_enterprise", enterprise)
    _not_merged(enterprise)
    _not_merged(into)
    enterprise.merged_into = into
    enterprise.save(update_fields=["merged_into"])
    enterprise.merged.update(merged_into=into)
    enterprise.projects.update(enterprise=into)
    Post.objects.filter(enterprise=enterprise.pk).update(enterprise=into.pk)
    note(actor, "merge_enterprise", enterprise, enterprise.pk, into=into.pk)
    return into


def _known(values: dict[str, Any]) -> None:
    if unknown := set(values) - FIELDS:
        raise TypeError(f"Not a field that changes: {', '.join(sorted(unknown))}")


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    cleaned = {key: value.strip() if isinstance(value, str) else value for key, value in values.items()}
    if "uscc" in cleaned:
        cleaned["uscc"] = codes.compact(cleaned["uscc"] or "") or None
    return cleaned


def _not_merged(enterprise: Enterprise) -> None:
    if enterprise.merged_into_id is not None:
        raise Conflict(_("This enterprise was merged into another one."), state="merged")


def _check(enterprise: Enterprise, reason: str, touched: set[str]) -> None:
    enterprise.full_clean(exclude=["principal", "pinyin"])
    if "uscc" in touched and enterprise.uscc:
        _check_code(enterprise.uscc, reason)
    if enterprise.town is not None and enterprise.town.kind not in (UnitKind.TOWN, UnitKind.PARK):
        raise ValidationError({"town": [_("Choose a town or a park.")]})
    for field, role in (("liaison_leader", Role.LEADER), ("specialist", Role.SPECIALIST)):
        post = getattr(enterprise, field)
        if field in touched and post is not None and post.role != role:
            raise ValidationError({field: [_("This post is not that of a %(role)s.") % {"role": role.label}]})
    for field in ("partner", "resident"):
        post = getattr(enterprise, field)
        if field in touched and post is not None and post.role in OUTSIDERS:
            raise ValidationError({field: [_("This post is not one of the district's cadres.")]})


def _check_code(code: str, reason: str) -> None:
    if not codes.well_formed(code):
        raise ValidationError(
            {"uscc": [_("A credit code has 18 digits and capital letters, without I, O, S, V and Z.")]}
        )
    if not codes.checks(code) and not reason.strip():
        text = _("The last character does not fit the others. Check the code; if the licence really says so, say why.")
        raise ValidationError({"uscc": [text]})


def _why(reason: str) -> dict[str, str]:
    return {"override_reason": reason.strip()} if reason.strip() else {}
