"""A project, who answers for it and serves it, and how it went from stage to stage."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.names import PinyinField
from projects.querysets import ManagerQuerySet, ProjectQuerySet, TeamQuerySet
from projects.states import ApprovalType, Category, Duty, Level, ParcelState, Stage

POST = {"to": "accounts.Post", "on_delete": models.PROTECT, "related_name": "+"}
UNIT = {"to": "accounts.Unit", "on_delete": models.PROTECT, "related_name": "+"}
USER = {"to": settings.AUTH_USER_MODEL, "on_delete": models.PROTECT, "related_name": "+"}


class Project(models.Model):
    """Money is in 万元, land in 亩. The days of MILESTONES are facts: written once, corrected only with a reason."""

    code = models.CharField(_("code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    pinyin = PinyinField(max_length=800)
    enterprise = models.ForeignKey(
        "projects.Enterprise", null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    investor = models.CharField(_("investor"), max_length=200, blank=True)
    content = models.TextField(_("what is built"), max_length=4000, blank=True)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices, default=Level.DISTRICT)
    category = models.CharField(_("category"), max_length=16, choices=Category.choices, blank=True)
    approval_type = models.CharField(_("approval type"), max_length=8, choices=ApprovalType.choices, blank=True)
    fast_early = models.BooleanField(_("Approved ahead"), default=False)  # 批前提速
    fast_promise = models.BooleanField(_("Approved on promise"), default=False)  # 承诺审批
    fast_build = models.BooleanField(_("Built first, inspected later"), default=False)  # 先建后验
    chain = models.ForeignKey(
        "projects.Chain", null=True, blank=True, on_delete=models.PROTECT, related_name="projects"
    )
    industry = models.CharField(_("industry"), max_length=100, blank=True)
    unit = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("responsible unit"))
    lead_unit = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("lead unit"))
    town = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("town"))
    park = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("park"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    total_investment = models.DecimalField(
        _("total investment"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    land_area = models.DecimalField(_("land"), max_digits=10, decimal_places=2, null=True, blank=True)
    # The leader of the first manager who is in charge now; ``managers`` holds them all. Kept by their verbs.
    manager = models.ForeignKey(**POST, null=True, blank=True, verbose_name=_("project manager"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.PLANNING)
    stage_since = models.DateField(_("in this stage since"), null=True, blank=True)
    talks_on = models.DateField(_("talks begun on"), null=True, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    capital_in_on = models.DateField(_("capital in on"), null=True, blank=True)
    started_on = models.DateField(_("started on"), null=True, blank=True)
    completed_on = models.DateField(_("completed on"), null=True, blank=True)
    produced_on = models.DateField(_("production begun on"), null=True, blank=True)
    capacity_on = models.DateField(_("at capacity on"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=500, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(total_investment__gte=0), name="project_investment_not_negative"),
            models.CheckConstraint(condition=Q(land_area__gte=0), name="project_land_not_negative"),
        ]
        indexes = [
            models.Index(fields=["pinyin", "id"], name="project_by_name"),
            models.Index(fields=["stage", "category"], name="project_stage"),
            models.Index(fields=["enterprise"], name="project_enterprise"),
        ]

    def __str__(self) -> str:
        return self.name


class Parcel(models.Model):
    """地块: one piece of the project's land, and how far it is."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parcels")
    number = models.CharField(_("number of the parcel"), max_length=50)
    area = models.DecimalField(_("land"), max_digits=10, decimal_places=2)
    state = models.CharField(_("state"), max_length=12, choices=ParcelState.choices, default=ParcelState.PLANNED)

    class Meta:
        ordering = ["number", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="parcel_once")]

    def __str__(self) -> str:
        return self.number


class ProjectManager(models.Model):
    """项目经理: a leader's post, or a cadre's with the leader above. Ended, never deleted: that is the history."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="managers")
    post = models.ForeignKey(**POST)
    # The leader who answers: the post itself, or the leader above the cadre.
    leader = models.ForeignKey(**POST)
    order = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)
    named_by = models.ForeignKey(**USER, null=True)

    objects = ManagerQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "post"], condition=Q(ends_on__isnull=True), name="project_manager_once"
            ),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="project_manager_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.post_id}"


class TeamMember(models.Model):
    """Of the service team behind the manager. Ended, never deleted."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="team")
    post = models.ForeignKey(**POST)
    duty = models.CharField(max_length=12, choices=Duty.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)
    named_by = models.ForeignKey(**USER, null=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "duty", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "post", "duty"], condition=Q(ends_on__isnull=True), name="team_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.duty}"


class StageChange(models.Model):
    """A step from one stage to the next, for good: what was missing and overridden stays visible with its reason."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="stage_changes")
    from_stage = models.CharField(max_length=12, choices=Stage.choices)
    to_stage = models.CharField(max_length=12, choices=Stage.choices)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(**USER, null=True)
    post = models.ForeignKey(**POST, null=True)
    # The keys of the gate's requirements that were missing and overridden.
    missing = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.project} → {self.to_stage}"
