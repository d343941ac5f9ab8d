"""Enterprises with who looks after them, and the invitations to an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Principal, PrincipalModel
from accounts.names import PinyinField
from projects.querysets import EnterpriseQuerySet, InvitationQuerySet
from projects.states import Ownership, Size


class Enterprise(PrincipalModel):
    principal_kind = Principal.Kind.ENTERPRISE

    name = models.CharField(_("name"), max_length=200)
    pinyin = PinyinField(max_length=800)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True, null=True, blank=True)
    town = models.ForeignKey("accounts.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=32, blank=True)
    is_key = models.BooleanField(_("key enterprise"), default=False)
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership.choices, blank=True)
    size = models.CharField(_("size"), max_length=8, choices=Size.choices, blank=True)
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    # 七个一: besides the contact and the liaison a channel that is open, a partner cadre, an officer in residence.
    channel = models.CharField(_("channel"), max_length=200, blank=True)
    partner = models.ForeignKey("accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # 1+1+1 liaison: one leader, one lead unit, one cadre.
    liaison_leader = models.ForeignKey(
        "accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    liaison_unit = models.ForeignKey("accounts.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    specialist = models.ForeignKey("accounts.Post", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # The row that stands for the same enterprise: this one is shown where it was named, and chosen no more.
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField()

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "principal_id"]

    def __str__(self) -> str:
        return self.name


class EnterpriseInvitation(models.Model):
    """An account for an enterprise: one person invites, another confirms; only then the account is made."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="invitations")
    username = models.CharField(_("user name"), max_length=150)
    name = models.CharField(_("name"), max_length=100)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    post = models.OneToOneField("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("invited_by")),
                name="invitation_takes_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True, post__isnull=True)
                | Q(
                    confirmed_by__isnull=False,
                    confirmed_at__isnull=False,
                    post__isnull=False,
                    withdrawn_at__isnull=True,
                ),
                name="invitation_confirmed_whole",
            ),
            models.UniqueConstraint(
                fields=["username"],
                condition=Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.username}"
