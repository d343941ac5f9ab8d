"""招商线索: from the first talk to the decision on the agreement, and the library of planned projects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from projects.models.projects import POST, UNIT, USER, Project
from projects.querysets import LeadQuerySet
from projects.states import Criterion, Review, Tier


class Lead(models.Model):
    """How a project began. The post of the first contact (首接服务责任人) stays responsible until it is signed."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="lead")
    source = models.CharField(_("where it came from"), max_length=200, blank=True)
    owner = models.ForeignKey(**POST, null=True, blank=True, verbose_name=_("first contact"))
    contact_name = models.CharField(_("contact"), max_length=100, blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=32, blank=True)
    first_talk_on = models.DateField(_("first talk on"), null=True, blank=True)
    first_talk = models.TextField(_("what was said"), max_length=4000, blank=True)
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey(**USER, null=True)
    # 5+2: finished with an opinion, favourable or not.
    evaluated_at = models.DateTimeField(null=True)
    evaluated_by = models.ForeignKey(**USER, null=True)
    favourable = models.BooleanField(null=True)
    opinion = models.TextField(_("opinion"), max_length=4000, blank=True)
    # The park that is to take it, with the leader's consent.
    park = models.ForeignKey(**UNIT, null=True, blank=True, verbose_name=_("park"))
    park_asked_of = models.ForeignKey(**POST, null=True)
    park_asked_at = models.DateTimeField(null=True)
    park_consent = models.BooleanField(null=True)
    park_answer = models.CharField(max_length=500, blank=True)
    park_answered_at = models.DateTimeField(null=True)
    # 招商专报 is out; its number is that of its paper.
    briefed_at = models.DateTimeField(null=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-registered_at"]

    def __str__(self) -> str:
        return str(self.project)


class EvaluationScore(models.Model):
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=12, choices=Criterion.choices)
    score = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=1000)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["lead", "criterion"], name="evaluation_criterion_once"),
            models.CheckConstraint(condition=Q(score__range=(0, 10)), name="evaluation_score_range"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion} {self.score}"


class LeaderOpinion(models.Model):
    """What a leader says to the brief: how it is to be followed up."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="leader_opinions")
    post = models.ForeignKey(**POST)
    text = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text


class PreReview(models.Model):
    """联合预审: the word of one side; the last word per kind counts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pre_reviews")
    kind = models.CharField(max_length=12, choices=Review.choices)
    passed = models.BooleanField()
    text = models.CharField(max_length=1000)
    unit = models.ForeignKey(**UNIT, null=True)
    on = models.DateField()
    by = models.ForeignKey(**USER, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.passed}"


class TierDecision(models.Model):
    """A meeting's decision on the agreement; favourable, of the right tier or above, is what signing asks for."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tier_decisions")
    tier = models.CharField(max_length=12, choices=Tier.choices)
    favourable = models.BooleanField()
    on = models.DateField()
    number = models.CharField(_("number of the minutes"), max_length=100)
    text = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(**USER, null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.tier} {self.number}"


class LibraryTarget(models.Model):
    """Planned projects that a park or an industry department owes in a year: at least ``count`` of ``least`` 万元."""

    unit = models.ForeignKey(**UNIT)
    year = models.PositiveSmallIntegerField()
    least = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    count = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-year", "unit__pinyin", "-least"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "least"], name="library_target_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.year}"
