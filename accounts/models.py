"""WHO: units, people, posts, tokens, the audit trail (PRODUCT.md §1)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeOperators,
)
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from accounts.names import PinyinField
from accounts.querysets import (
    ApiTokenQuerySet,
    AuditEntryQuerySet,
    PeopleManager,
    PostQuerySet,
    PrincipalQuerySet,
    UnitQuerySet,
)
from accounts.roles import ADMIN_ROLES, Group, Role, UnitKind


class Principal(models.Model):
    """One number space for all that can read an issue: units, posts, enterprises."""

    class Kind(models.TextChoices):
        UNIT = "unit"
        POST = "post"
        ENTERPRISE = "enterprise"

    kind = models.CharField(max_length=10, choices=Kind)

    objects = PrincipalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class District(models.Model):
    """The district that this installation serves: one row, the name in every head and on every paper."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    name = models.CharField(_("name"), max_length=40)
    office = models.CharField(_("office in charge"), max_length=60)
    phone = models.CharField(_("phone"), max_length=32, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_district")]

    def __str__(self) -> str:
        return self.name


class PrincipalModel(models.Model):
    """A row whose key is a Principal's: saving a new one takes a number from the common space."""

    principal_kind: str

    principal = models.OneToOneField(Principal, primary_key=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.principal_id is None:
            self.principal = Principal.objects.create(kind=self.principal_kind)
            kwargs["force_insert"] = True  # else Django looks for a row of this key first
        super().save(*args, **kwargs)


class Unit(PrincipalModel):
    """单位. The tree is stored as ``path``: the keys of all units above and the own one, so "own unit and below" is
    one indexed condition."""

    principal_kind = Principal.Kind.UNIT

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    pinyin = PinyinField(max_length=400)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = ArrayField(models.BigIntegerField(), default=list, editable=False)
    is_lead = models.BooleanField(_("lead unit"), default=False)
    is_responsible = models.BooleanField(_("responsible unit"), default=False)
    groups = ArrayField(models.CharField(max_length=16, choices=Group), default=list, blank=True)
    phone = models.CharField(_("office phone"), max_length=32, blank=True)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), null=True, blank=True)
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "code"]
        indexes = [GinIndex(fields=["path"], name="unit_path")]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """What stands in narrow places."""
        return self.short_name or self.name


class UnitName(models.Model):
    """The names a unit had: a ranking prints the name of its time."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["unit", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_name_once_a_day")]

    def __str__(self) -> str:
        return self.name


class User(AbstractUser):
    """A person. Holds no authority: that is a Post's."""

    first_name = None  # type: ignore[assignment]  # Chinese names are one field
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=100)
    pinyin = PinyinField(max_length=400)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    REQUIRED_FIELDS = ["name"]
    objects = PeopleManager()

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Post(PrincipalModel):
    """任职: a user in a role at a unit (none for enterprises and observers), from–until."""

    principal_kind = Principal.Kind.POST

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    # The enterprise that an enterprise user speaks for, by its number in the common space.
    enterprise = models.ForeignKey(Principal, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=60, blank=True)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "principal_id"]
        indexes = [models.Index(fields=["unit", "role"], name="post_unit_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("starts_at")), name="post_ends_later"
            ),
            models.CheckConstraint(
                condition=Q(role__in=[Role.ENTERPRISE, Role.OBSERVER]) | Q(unit__isnull=False), name="post_has_unit"
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.ENTERPRISE) | Q(enterprise__isnull=False), name="post_has_enterprise"
            ),
            # 三员: no one person may hold two of the three administrator roles at a time.
            ExclusionConstraint(
                name="post_administrators_apart",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (
                        Func("starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(role__in=sorted(ADMIN_ROLES)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class ApiToken(models.Model):
    """A key for another program: shown once, stored as SHA-256 only."""

    class Scope(models.TextChoices):
        READ = "read", _("read only")
        WRITE = "write", _("read and write")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60, blank=True)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=8, editable=False)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope, default=Scope.WRITE)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.user} …{self.hint}"


class AuditEntry(models.Model):
    """Append-only: who did or read what, when, from where. A trigger refuses UPDATE and DELETE; ``seal`` proves that a
    superuser did not go round it (accounts/seals.py). Entries older than the seals have none."""

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    act = models.CharField(max_length=40)
    object_kind = models.CharField(max_length=20, blank=True)
    object_ref = models.CharField(max_length=64, blank=True)
    result = models.CharField(max_length=10, default="ok")
    address = models.GenericIPAddressField(null=True)
    request_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    seal = models.CharField(max_length=64, blank=True, default="", editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_kind", "object_ref", "-id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.act} {self.object_ref}"


class AuditAnchor(models.Model):
    """The hourly root over the seals of new entries, signed, and written outside the database too
    (accounts/services/trail.py). Append-only."""

    at = models.DateTimeField()
    since = models.BigIntegerField()
    upto = models.BigIntegerField()
    count = models.BigIntegerField()
    ids = models.TextField(help_text="the keys that are there, in ranges: 1-40,42-60")
    bare = models.BigIntegerField(help_text="the greatest of them that is older than the seals, 0: none")
    root = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    signature = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.upto}"
