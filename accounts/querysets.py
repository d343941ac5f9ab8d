"""Named reads of units, people and posts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.models import UserManager
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.roles import Role
from common import clock

if TYPE_CHECKING:
    from accounts.actors import Actor

OUTSIDE_ROLES = [Role.ENTERPRISE, Role.OBSERVER]


class PrincipalQuerySet(models.QuerySet):
    def allocate(self, kind: str, count: int) -> list[int]:
        """Take ``count`` numbers for rows of ``kind`` in one statement."""
        return [p.pk for p in self.bulk_create([self.model(kind=kind) for _ in range(count)])]


class UnitQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> UnitQuerySet:
        """Every member of the staff knows all units; enterprises meet those of their issues there, not here."""
        from accounts import rules

        return self if actor.system or actor.has(*rules.STAFF) else self.none()

    def living(self, instant: datetime | None = None) -> UnitQuerySet:
        day = clock.local(instant or clock.now()).date()
        return self.filter(valid_from__lte=day).filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day))

    def assignable(self) -> UnitQuerySet:
        """Units that an issue can be given to."""
        return self.living().filter(is_responsible=True)

    def under(self, unit_ids: list[int]) -> UnitQuerySet:
        """The units themselves and all below them."""
        return self.filter(path__overlap=unit_ids)

    def with_name_on(self, day: date) -> UnitQuerySet:
        """``name_then``: what the unit was called on ``day``. A ranking prints the name of its time."""
        from accounts.models import UnitName

        names = UnitName.objects.filter(unit=OuterRef("pk"), valid_from__lte=day).order_by("-valid_from")
        return self.annotate(name_then=Coalesce(Subquery(names.values("name")[:1]), "name"))

    def matching(self, words: str) -> UnitQuerySet:
        return self.filter(
            Q(name__icontains=words)
            | Q(short_name__icontains=words)
            | Q(code__iexact=words)
            | Q(pinyin__startswith=words.lower())
        )


class PostQuerySet(models.QuerySet):
    def current(self, instant: datetime | None = None) -> PostQuerySet:
        at = instant or clock.now()
        return self.filter(starts_at__lte=at, user__is_active=True).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))

    def overlapping(self, starts_at: datetime, ends_at: datetime | None) -> PostQuerySet:
        """Posts held at some instant of the time given; None lasts for ever."""
        held = self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=starts_at))
        return held if ends_at is None else held.filter(starts_at__lt=ends_at)

    def lasting_beyond(self, day: date) -> PostQuerySet:
        """Posts not over by the end of ``day``."""
        midnight = datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI)
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=midnight))

    def visible_to(self, actor: Actor) -> PostQuerySet:
        """Current posts inside the district for staff, all for those who keep or audit accounts; for all one's own."""
        from accounts import rules
        from accounts.models import Post

        if actor.system or actor.has(*rules.ALL_PEOPLE):
            return self
        own = Q(user=actor.user) if actor.user else Q(pk__in=[])
        if not actor.has(*rules.STAFF):
            return self.filter(own)
        hidden = [] if actor.has(Role.COORDINATOR) else OUTSIDE_ROLES
        return self.filter(own | (Q(pk__in=Post.objects.current().values("pk")) & ~Q(role__in=hidden)))

    def for_actor(self) -> PostQuerySet:
        return self.select_related("user", "unit")


class UserQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> UserQuerySet:
        """People who hold a post that the actor sees. Names and posts only: phone and e-mail are ``view_contact``."""
        from accounts import rules
        from accounts.models import Post

        if actor.system or actor.has(*rules.ALL_PEOPLE):
            return self
        if actor.user is None:
            return self.none()
        if not actor.has(*rules.STAFF):
            return self.filter(pk=actor.user.pk)
        return self.filter(Q(pk=actor.user.pk) | Q(pk__in=Post.objects.visible_to(actor).values("user")))

    def matching(self, words: str) -> UserQuerySet:
        return self.filter(
            Q(name__icontains=words) | Q(username__iexact=words) | Q(pinyin__startswith=words.lower().replace(" ", ""))
        )


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ApiTokenQuerySet:
        from accounts import rules

        if actor.system or actor.has(*rules.SECURITY):
            return self
        return self.filter(user=actor.user) if actor.user else self.none()

    def usable(self) -> ApiTokenQuerySet:
        return self.filter(revoked_at__isnull=True)


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> AuditEntryQuerySet:
        from accounts import rules

        return self if actor.system or actor.has(*rules.AUDIT_READERS) else self.none()

    def for_list(self) -> AuditEntryQuerySet:
        return self.select_related("user", "post__unit")


class PeopleManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a class made at run time
    use_in_migrations = False
