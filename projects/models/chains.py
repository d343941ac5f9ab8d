"""链长制: industry chains with leader, adviser and task force, and the rhythm in which they meet."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.names import PinyinField
from projects.models.projects import POST, USER
from projects.querysets import ChainQuerySet
from projects.states import ChainMeetingKind


class Chain(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    pinyin = PinyinField(max_length=400)
    leader = models.ForeignKey(**POST, null=True, blank=True, verbose_name=_("chain leader"))
    adviser = models.CharField(_("adviser"), max_length=200, blank=True)
    units = models.ManyToManyField("accounts.Unit", related_name="chains", blank=True)
    # The chief every second month, the task force every month (涪陵: 每两月 / 每月).
    chief_months = models.PositiveSmallIntegerField(_("chief meets every … months"), default=2)
    force_months = models.PositiveSmallIntegerField(_("task force meets every … months"), default=1)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = ChainQuerySet.as_manager()

    class Meta:
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name


class ChainMeeting(models.Model):
    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="meetings")
    kind = models.CharField(max_length=8, choices=ChainMeetingKind.choices)
    on = models.DateField()
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(**USER, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.chain} {self.on}"


class ChainTarget(models.Model):
    """An enterprise that the chain is to win; one of ours, or only a name."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="targets")
    name = models.CharField(max_length=200)
    enterprise = models.ForeignKey(
        "projects.Enterprise", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["chain", "name"], name="chain_target_once")]

    def __str__(self) -> str:
        return self.name
