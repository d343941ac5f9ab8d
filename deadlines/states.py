"""The words of WHEN: clock kinds, units of limits, lights, rungs (PRODUCT.md §2). Pure data."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ClockKind(TextChoices):
    ACCEPTANCE = "acceptance", _("Acceptance")
    SIGNING = "signing", _("Signing for")
    FEEDBACK = "feedback", _("First feedback")
    PROGRESS = "progress", _("Progress report")
    RESOLUTION = "resolution", _("Resolution")
    COORDINATION = "coordination", _("Coordination")
    VERIFICATION = "verification", _("Verification")
    SUPPLEMENT = "supplement", _("Supplement")
    RULING = "ruling", _("Ruling on a request")
    DISPUTE = "dispute", _("Dispute")
    RATING = "rating", _("Rating")
    DECISION = "decision", _("Decision")
    PROMISE = "promise", _("Promised date")
    SUPERVISION = "supervision", _("Supervision order")
    EVALUATION = "evaluation", _("Project evaluation")
    BRIEFING = "briefing", _("Investment brief")
    APPROVAL = "approval", _("Approval")


class LimitUnit(TextChoices):
    WORKING_DAYS = "wd", _("working days")
    WORKING_HOURS = "wh", _("working hours")
    CALENDAR_DAYS = "cd", _("calendar days")


class Side(TextChoices):
    GOVERNMENT = "government", _("Government")
    SUBMITTER = "submitter", _("Submitter")


class Light(TextChoices):
    """``overdue`` is the yellow light's second word: 逾期 once breached."""

    GREEN = "green", _("On time")
    YELLOW = "yellow", _("Due soon")
    OVERDUE = "overdue", _("Overdue")
    RED = "red", _("Seriously overdue")


class Rung(TextChoices):
    DAY_BEFORE = "day_before", _("Due tomorrow")
    DUE_DAY = "due_day", _("Due today")
    BREACH = "breach", _("Overdue")
    ESCALATE = "escalate", _("Overdue by three working days")
    CANDIDATE = "candidate", _("Overdue by five working days")


RUNGS = tuple(Rung)

# The cases of a limit that has several.
CASES = {
    "urgent": _("urgent"),
    "simple": _("simple"),
    "normal": _("normal"),
    "complex": _("complex"),
    "layer2": _("layer 2"),
    "layer3": _("layer 3"),
}
