"""The district that this installation serves."""

from __future__ import annotations

from django.core.cache import cache
from django.db import transaction

from accounts.actors import Actor
from accounts.models import District
from accounts.services._steps import authorise, changed, note

CACHE_KEY = "district"


@transaction.atomic
def change_district(*, actor: Actor, name: str, office: str, phone: str = "") -> District:
    """Name and address of the district; made if there is none yet. 403, 400."""
    authorise(actor, "change_district", District)
    district = District.objects.select_for_update().first() or District()
    differences = changed(district, {"name": name.strip(), "office": office.strip(), "phone": phone.strip()})
    district.full_clean(validate_unique=False, validate_constraints=False)
    district.save()
    if differences:
        note(actor, "change_district", district, district.name, changes=differences)
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    return district


def district() -> dict[str, str] | None:
    """Name, office and phone for the heads of pages; other processes follow within a minute."""
    found = cache.get(CACHE_KEY)
    if found is None:
        found = District.objects.values("name", "office", "phone").first()
        cache.set(CACHE_KEY, found, 60)
    return found
