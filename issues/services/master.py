"""Master data of the loop: the categories. Two levels; never deleted, only switched off."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.actors import Actor
from accounts.models import Unit
from accounts.roles import Role
from common.errors import NotVisible, PermissionDenied, ValidationError
from issues.models import Category
from issues.services.step import Problems, text_of, unit_by


def may_edit(actor: Actor) -> bool:
    return actor.system or actor.has(Role.SYSTEM_ADMIN)


@transaction.atomic
def save_category(
    *,
    actor: Actor,
    category_id: int | None = None,
    name: str,
    parent: int | None = None,
    unit: str = "",
    order: int = 100,
    active: bool = True,
) -> Category:
    """Make a category (no ``category_id``) or change one. The name is unique; a first-level one with children stays
    on the first level."""
    category = Category.objects.select_for_update(no_key=True).filter(pk=category_id).first() if category_id else None
    if category_id and category is None:
        raise NotVisible
    if not may_edit(actor):
        raise PermissionDenied(_("Only the system administrator keeps the master data."))
    category = category or Category()
    problems = Problems()
    name = (problems.take(text_of, name, "name", limit=40) or "").strip()
    found: Unit | None = problems.take(unit_by, unit) if unit else None
    above = problems.take(_parent, parent, category) if parent else None
    if name and Category.objects.filter(name=name).exclude(pk=category.pk).exists():
        problems.add("name", _("There is a category of this name already."))
    if not 0 <= order <= 32_000:
        problems.add("order", _("Please give a number from 0 to 32000."))
    problems.check()
    before = None if category.pk is None else {"name": category.name, "active": category.active}
    category.name, category.parent, category.unit = name, above, found
    category.order, category.active = order, active
    category.save()
    audit.record(actor, "save_category", "category", category.pk, name=name, active=active, before=before)
    return category


def _parent(parent: int, category: Category) -> Category:
    above = Category.objects.filter(pk=parent, parent__isnull=True).exclude(pk=category.pk).first()
    if above is None:
        raise ValidationError({"parent": [_("There is no such category on the first level.")]})
    if category.pk and category.children.exists():
        raise ValidationError({"parent": [_("It has categories of its own: there are only two levels.")]})
    return above
