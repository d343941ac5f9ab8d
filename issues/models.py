"""HINDRANCE: the issue, its text, parts, requests, decisions, ratings and the chained event log (PRODUCT.md §3, §5)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from issues import states
from issues.eventlog import Anchor, Event
from issues.querysets import DecisionQuerySet, IssueQuerySet

__all__ = [
    "Anchor",
    "Assignment",
    "Category",
    "Decision",
    "DecisionFeedback",
    "Event",
    "Issue",
    "IssueBody",
    "IssueSearch",
    "Rating",
    "Request",
    "Span",
]


class Category(models.Model):
    """Two levels; the Chinese name is the key by which other programs name it."""

    name = models.CharField(_("name"), max_length=40, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)
    # Suggested lead unit at triage; dispatch rules from decisions come later.
    unit = models.ForeignKey("accounts.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name


class Issue(models.Model):
    """问题: one obstacle going once round the closed loop. Only the verbs in ``issues.services`` change it."""

    number = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=9, choices=states.IssueKind, default=states.IssueKind.ISSUE)
    channel = models.CharField(max_length=12, choices=states.Channel)
    channel_word = models.CharField(max_length=40, blank=True)  # an imported word that is no channel of ours
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    category_word = models.CharField(max_length=40, blank=True)
    urgency = models.CharField(max_length=6, choices=states.Urgency, default=states.Urgency.NORMAL)
    difficulty = models.CharField(max_length=7, choices=states.Difficulty, blank=True)
    confidentiality = models.CharField(
        max_length=10, choices=states.Confidentiality, default=states.Confidentiality.NORMAL
    )
    enterprise = models.ForeignKey("projects.Enterprise", null=True, on_delete=models.PROTECT, related_name="issues")
    project = models.ForeignKey("projects.Project", null=True, on_delete=models.PROTECT, related_name="issues")
    town = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    # The unit that a complaint is about: it can never read it.
    about_unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    filed_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf = models.BooleanField(default=False)  # typed in by staff; the submitter is the contact

    state = models.CharField(max_length=12, choices=states.State, default=states.State.SUBMITTED)
    suspended_from = models.CharField(max_length=12, choices=states.State, blank=True)
    layer = models.PositiveSmallIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    lead_unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.CharField(max_length=100, blank=True)
    specialist = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    leader = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey("projects.Line", null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    leader_why = models.CharField(max_length=20, blank=True)  # as projects.finding.Why
    # The assignment can't be refused any more (same unit again after a refusal).
    assignment_final = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")

    outcome = models.CharField(max_length=10, choices=states.Outcome, blank=True)
    cause = models.CharField(max_length=10, choices=states.Cause, blank=True)
    promised_on = models.DateField(null=True)
    solved = models.CharField(max_length=6, choices=states.Solved, blank=True)
    satisfaction = models.PositiveSmallIntegerField(null=True)
    closed_over = models.BooleanField(default=False)
    invitations = models.PositiveSmallIntegerField(default=0)
    promise_asked_at = models.DateTimeField(null=True)
    reopened_by_submitter = models.BooleanField(default=False)
    extensions = models.PositiveSmallIntegerField(default=0)

    submitted_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    deemed_signed = models.BooleanField(default=False)
    first_feedback_at = models.DateTimeField(null=True)
    proposed_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    imported_at = models.DateTimeField(null=True)
    # Digest of the ledger row it came from: the same file again changes nothing.
    import_key = models.CharField(max_length=64, unique=True, null=True)

    # The worst of its running clocks held by government, as instants: a light filter is a range.
    yellow_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    red_at = models.DateTimeField(null=True)

    version = models.PositiveIntegerField(default=1)
    # Principals that may read it: lead, co-units, units that refused, specialist, leader, enterprise, who filed it.
    readers = ArrayField(models.BigIntegerField(), default=list)
    event_seq = models.PositiveIntegerField(default=0)
    event_hash = models.CharField(max_length=64, default="0" * 64)
    # SHA-256 of the tracking code, which itself is derived and never stored.
    code_nonce = models.CharField(max_length=32, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, db_index=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(layer__gte=1, layer__lte=3), name="issue_three_layers"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="issue_satisfaction_1_to_5",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "returned", "declined", "merged", "withdrawn"])
                | Q(lead_unit__isnull=False),
                name="issue_at_work_has_lead_unit",
            ),
            models.CheckConstraint(
                condition=Q(about_unit__isnull=True) | Q(lead_unit__isnull=True) | ~Q(about_unit=F("lead_unit")),
                name="issue_not_handled_by_accused",
            ),
        ]
        indexes = [
            models.Index(fields=["-submitted_at", "-id"], name="issue_newest"),
            models.Index(fields=["state", "-submitted_at", "-id"], name="issue_state_newest"),
            models.Index(fields=["lead_unit", "-submitted_at", "-id"], name="issue_unit_newest"),
            models.Index(fields=["enterprise", "-submitted_at"], name="issue_enterprise"),
            models.Index(fields=["due_at", "id"], condition=Q(due_at__isnull=False), name="issue_due"),
            models.Index(fields=["red_at", "id"], condition=Q(red_at__isnull=False), name="issue_red"),
            models.Index(fields=["yellow_at", "id"], condition=Q(yellow_at__isnull=False), name="issue_yellow"),
            GinIndex(fields=["readers"], name="issue_readers"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def phase(self) -> states.Phase:
        return states.PHASE_OF[states.State(self.state)]


class IssueBody(models.Model):
    """What was said and who said it: apart from the issue row, which every step rewrites."""

    issue = models.OneToOneField(Issue, primary_key=True, on_delete=models.CASCADE, related_name="body")
    text = models.TextField()
    # A name on a form is a claim until the coordinator confirms the enterprise.
    enterprise_claim = models.CharField(max_length=200, blank=True)
    project_claim = models.CharField(max_length=200, blank=True)
    contact_name = models.CharField(max_length=100, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    contact_email = models.EmailField(blank=True)
    # The last account given when closing was proposed, and the clause named for "cannot be done".
    account = models.TextField(blank=True)
    clause = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.issue_id}"


class IssueSearch(models.Model):
    """What can be searched: text folded (NFKC, lower case, no blanks) and its bigrams as int4 under GIN. An issue with
    something to hide has two rows: ``full`` for those who may read all, ``open`` for the others; else one, ``all``."""

    class Scope(models.TextChoices):
        ALL = "all"
        FULL = "full"
        OPEN = "open"

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="+")
    scope = models.CharField(max_length=4, choices=Scope)
    submitted_at = models.DateTimeField()
    body = models.TextField()
    grams = ArrayField(models.IntegerField(), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "scope"], name="issue_search_once")]
        indexes = [
            GinIndex(fields=["grams"], name="issue_search_grams"),
            models.Index(fields=["-submitted_at", "-issue"], name="issue_search_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.scope}"


class Assignment(models.Model):
    """A unit's part in an issue: lead or co-unit, from–until, how it ended."""

    class Kind(models.TextChoices):
        LEAD = "lead", _("Lead unit")
        CO = "co", _("Co-unit")

    class End(models.TextChoices):
        REFUSED = "refused", _("refused")
        REASSIGNED = "reassigned", _("reassigned")
        DONE = "done", _("done")
        RELEASED = "released", _("released")
        MERGED = "merged", _("merged")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Verdict(models.TextChoices):
        UPHELD = "upheld", _("refusal upheld")
        REJECTED = "rejected", _("refusal rejected")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="assignments")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="assignments")
    kind = models.CharField(max_length=4, choices=Kind)
    round = models.PositiveSmallIntegerField(default=1)
    final = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)  # a co-unit's first feedback to the lead unit
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=10, choices=End, blank=True)
    reason = models.TextField(blank=True)
    clause = models.CharField(max_length=500, blank=True)
    right_unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=Q(kind="lead", ended_at__isnull=True), name="one_lead_unit_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["issue", "unit"], condition=Q(ended_at__isnull=True), name="unit_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["unit", "kind", "started_at"], name="assignment_unit")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.kind} {self.unit_id}"


class Span(models.Model):
    """Who held the case from when to when: the day ledger is computed from these."""

    class Holder(models.TextChoices):
        DESK = "desk", _("Coordinator")
        UNIT = "unit", _("Unit")
        LEADER = "leader", _("Leader")
        SUBMITTER = "submitter", _("Enterprise")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="spans")
    holder = models.CharField(max_length=9, choices=Holder)
    unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=states.State)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issue"], condition=Q(ended_at__isnull=True), name="one_holder_at_a_time")
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.holder} {self.state}"


class Request(models.Model):
    """A request that waits for grant or deny: one open per issue, with a ruling clock, void when the state changes."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="requests")
    kind = models.CharField(max_length=10, choices=states.RequestKind)
    state = models.CharField(max_length=7, choices=states.RequestState, default=states.RequestState.OPEN)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(null=True)
    until = models.DateField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    text = models.TextField(blank=True)
    # A suspension over 20 working days needs the supervisor as well.
    needs_supervisor = models.BooleanField(default=False)
    first_grant_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField(null=True)
    ruled_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    ruling = models.TextField(blank=True)

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["issue"], condition=Q(state="open"), name="one_open_request"),
            # Two persons: nobody rules on the own request.
            models.CheckConstraint(
                condition=Q(ruled_by__isnull=True) | ~Q(ruled_by=F("asked_by")), name="request_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.kind} {self.state}"


class Decision(models.Model):
    """议定事项: text, responsible unit, co-units, due date; runs on feedback clocks until it is done."""

    issue = models.ForeignKey(Issue, null=True, on_delete=models.CASCADE, related_name="decisions")
    layer = models.PositiveSmallIntegerField()
    text = models.TextField()
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="decisions")
    co_units = models.ManyToManyField("accounts.Unit", related_name="+", blank=True)
    due_on = models.DateField(null=True)
    proposed_lead = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    meeting = models.CharField(max_length=64, blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    # Recorded by the service office in the leader's name, and shown as such.
    in_name_of = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "id"]
        indexes = [models.Index(fields=["unit"], condition=Q(done_at__isnull=True), name="decision_open")]

    def __str__(self) -> str:
        return f"{self.pk}"


class DecisionFeedback(models.Model):
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="feedback")
    at = models.DateTimeField()
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.at:%F}"


class Rating(models.Model):
    """One answer of the submitter. The last one of an issue counts; silence is no row."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    solved = models.CharField(max_length=6, choices=states.Solved)
    # Null only for a close-over, which counts as unsolved and as no rating.
    satisfaction = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True)
    close_over = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["at", "unit"], name="rating_at_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True, close_over=True)
                | Q(satisfaction__gte=1, satisfaction__lte=5, close_over=False),
                name="rating_1_to_5",
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.solved} {self.satisfaction}"
