"""WHEN: the working-day calendar, time rules, clocks, pauses, the reminder ladder (PRODUCT.md §2)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from deadlines.querysets import CalendarVersionQuerySet, ClockQuerySet, ReminderQuerySet, TimeRuleQuerySet
from deadlines.states import ClockKind, LimitUnit, Rung, Side


class CalendarVersion(models.Model):
    """One edition of the working-day calendar. A draft is only a what-if; applying it makes it the current one."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        APPLIED = "applied", _("applied")

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    applied_at = models.DateTimeField(null=True, blank=True)
    applied_by = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")

    objects = CalendarVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}"


class WorkingDay(models.Model):
    """One day of one calendar version. ``n`` counts the working days up to and including the day, so the n-th working
    day after d is the working day whose n is n(d) + n."""

    class Source(models.TextChoices):
        ANNOUNCED = "announced", _("announced by the State Council")
        PROVISIONAL = "provisional", _("provisional")
        OVERRIDE = "override", _("local override")

    version = models.ForeignKey(CalendarVersion, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    works = models.BooleanField()
    n = models.IntegerField()
    source = models.CharField(max_length=11, choices=Source)
    label = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["version", "day"]
        constraints = [models.UniqueConstraint(fields=["version", "day"], name="working_day_once")]
        indexes = [models.Index(fields=["version", "n"], condition=Q(works=True), name="working_day_n")]

    def __str__(self) -> str:
        return f"{self.day} {self.works}"


class CalendarOverride(models.Model):
    """What an administrator entered: this day works, or does not, whatever the library says."""

    version = models.ForeignKey(CalendarVersion, on_delete=models.CASCADE, related_name="overrides")
    day = models.DateField()
    works = models.BooleanField()
    label = models.CharField(max_length=40, blank=True)
    # True when the day comes from the State Council's announcement of a year, so the year is no longer provisional.
    announced = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "day"], name="override_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.works}"


class AnnouncedYear(models.Model):
    """A year of which the announcement has been entered in this version (the library did not know it)."""

    version = models.ForeignKey(CalendarVersion, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "year"], name="announced_year_once")]

    def __str__(self) -> str:
        return str(self.year)


class TimeRule(models.Model):
    """One limit: of this kind, under these conditions, from this day on. Never edited: a new version replaces it, so
    each clock can name the rule that made its deadline."""

    kind = models.CharField(max_length=14, choices=ClockKind)
    # urgent / simple / normal / complex / layer2 / layer3 / follow_up … ; empty fits all.
    case = models.CharField(max_length=20, blank=True)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=2, choices=LimitUnit)
    version = models.PositiveIntegerField()
    valid_from = models.DateField()

    objects = TimeRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "case", "-version"]
        constraints = [models.UniqueConstraint(fields=["kind", "case", "version"], name="time_rule_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.case} {self.amount}{self.unit} v{self.version}"


class Clock(models.Model):
    """One running deadline. It ends by being met (late or not) or by being stopped with a reason; stopped ones count
    nowhere. The instants at which something happens are stored, so lights are ranges and the sweep is one statement."""

    kind = models.CharField(max_length=14, choices=ClockKind)
    # What it runs for. ``part`` tells the co-unit, decision or request inside the subject: "co:12", "decision:7".
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    subject_ref = models.CharField(max_length=64)
    part = models.CharField(max_length=32, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    side = models.CharField(max_length=10, choices=Side, default=Side.GOVERNMENT)
    holder_unit = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    holder_post = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    # Whom the upper rungs tell: the line's leader and the unit that is its service office.
    leader = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey("accounts.Unit", null=True, on_delete=models.PROTECT, related_name="+")

    rule = models.ForeignKey(TimeRule, null=True, on_delete=models.PROTECT, related_name="+")
    calendar = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="+")
    amount = models.PositiveSmallIntegerField(null=True)
    unit = models.CharField(max_length=2, choices=LimitUnit)
    provisional = models.BooleanField(default=False)
    given = models.BooleanField(default=False)  # the deadline was agreed elsewhere and taken over as it was
    imported = models.BooleanField(default=False)
    approximate_start = models.BooleanField(default=False)  # its own first step was not recorded

    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField()
    extended = models.PositiveSmallIntegerField(default=0)
    met_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=40, blank=True)
    paused_at = models.DateTimeField(null=True)

    yellow_at = models.DateTimeField()
    red_at = models.DateTimeField()  # and the rung "escalate"
    candidate_at = models.DateTimeField()
    next_rung = models.CharField(max_length=10, choices=Rung, blank=True)
    next_rung_at = models.DateTimeField(null=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind", "part"],
                condition=Q(met_at__isnull=True, stopped_at__isnull=True),
                name="clock_runs_once",
            ),
            models.CheckConstraint(
                condition=Q(met_at__isnull=True) | Q(stopped_at__isnull=True), name="clock_met_or_stopped"
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | ~Q(stop_reason=""), name="clock_stop_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="clock_subject"),
            models.Index(
                fields=["next_rung_at", "id"],
                condition=Q(met_at__isnull=True, stopped_at__isnull=True, paused_at__isnull=True),
                name="clock_next_rung",
            ),
            models.Index(fields=["kind", "due_at"], include=["holder_unit", "met_at"], name="clock_kind_due"),
            models.Index(fields=["kind", "met_at"], include=["holder_unit", "due_at"], name="clock_kind_met"),
            models.Index(
                fields=["calendar", "due_at"],
                condition=Q(met_at__isnull=True, stopped_at__isnull=True, breached_at__isnull=True),
                name="clock_open_calendar",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_ref} {self.kind}"


class Pause(models.Model):
    """A clock stands still: approved reason, who is awaited, when to wake up, and the working time really lost."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="pauses")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    awaited = models.CharField(max_length=100, blank=True)
    wakes_on = models.DateField(null=True)
    lost = models.PositiveIntegerField(default=0, help_text="working days, or working minutes for hour limits")

    class Meta:
        ordering = ["started_at"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_at__isnull=True), name="one_open_pause")
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.started_at:%F}"


class ClockChange(models.Model):
    """A due date moved: by how much, why, by whom. The original date stays visible."""

    class Why(models.TextChoices):
        EXTEND = "extend", _("extension")
        SEND_BACK = "send_back", _("sent back")
        CALENDAR = "calendar", _("new working-day calendar")
        RESUME = "resume", _("resumed after a pause")
        CORRECTION = "correction", _("correction")

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why)
    # In the clock's own unit: working days, working minutes for hour limits, calendar days; for a new calendar, dates.
    days = models.SmallIntegerField(default=0)
    # From when on the time was taken out of the count (the pause began, the closing was proposed).
    since = models.DateTimeField(null=True)
    before = models.DateTimeField()
    after = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)
    calendar = models.ForeignKey(CalendarVersion, null=True, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.Post", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.before:%F} → {self.after:%F}"


class Reminder(models.Model):
    """One rung of the ladder of one clock, exactly once by key. ``due_at`` is part of the key: a moved deadline has a
    ladder of its own. ``effect`` is what a verb has still to do (rise a layer, sign by the system …)."""

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="reminders")
    rung = models.CharField(max_length=10, choices=Rung)
    due_at = models.DateTimeField()
    rung_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    imported = models.BooleanField(default=False)
    effect_done_at = models.DateTimeField(null=True)
    effect_attempts = models.PositiveSmallIntegerField(default=0)
    effect_error = models.TextField(blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["clock", "rung", "due_at"], name="rung_once")]
        indexes = [
            models.Index(
                fields=["rung_at", "id"],
                condition=Q(effect_done_at__isnull=True, imported=False),
                name="rung_effect_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.clock_id} {self.rung}"
