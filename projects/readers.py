"""As whom a post reads besides itself (PRODUCT.md §1, column "sees")."""

from __future__ import annotations

from collections.abc import Iterable

from accounts import policy
from accounts.models import Post
from accounts.roles import Role
from common import clock
from projects.models import Enterprise, Line


def leaders_served(post: Post) -> Iterable[int]:
    """A service office reads as the leaders of this year's lines that its unit serves."""
    return Line.objects.living(clock.today()).filter(office=post.unit_id).values_list("leader_id", flat=True)


def enterprises_served(post: Post) -> Iterable[int]:
    """A specialist reads as the enterprises that are in their care."""
    return Enterprise.objects.filter(specialist=post.pk).values_list("pk", flat=True)


def former_names(post: Post) -> Iterable[int]:
    """An enterprise reads what was filed under rows since merged into its own."""
    return Enterprise.objects.filter(merged_into=post.enterprise_id).values_list("pk", flat=True)


def register() -> None:
    policy.register_readers(Role.SERVICE_OFFICE, leaders_served)
    policy.register_readers(Role.SPECIALIST, enterprises_served)
    policy.register_readers(Role.ENTERPRISE, former_names)
