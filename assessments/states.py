"""The words of HOW WELL: indicators, deductions, parts of the completion, grades (PRODUCT.md §6). Pure data."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Indicator(TextChoices):
    """What earns points. A scheme gives each group its indicators and their weights."""

    SIGNING_ON_TIME = "signing_on_time", _("Signed on time")
    FEEDBACK_ON_TIME = "feedback_on_time", _("Fed back on time")
    CLOSED_ON_TIME = "closed_on_time", _("Closed on time")
    SOLVED_RATE = "solved_rate", _("Solved rate")
    SATISFACTION = "satisfaction", _("Satisfaction")
    # Of project-responsible units; their data comes with the projects.
    PLAN_ON_TIME = "plan_on_time", _("Plan items on time")
    INVESTMENT = "investment", _("Investment against plan")
    STATISTICS = "statistics", _("Included in statistics")


class Deduction(TextChoices):
    """What costs points in the month itself. The cards are supervision's, never the ranking's own."""

    SENT_BACK = "sent_back", _("Sent back")
    REOPENED = "reopened", _("Reopened")
    YELLOW_CARD = "yellow_card", _("Yellow card of supervision")
    RED_CARD = "red_card", _("Red card of supervision")


# The completion is no indicator: it makes the grade. Its frozen cases stand under this word.
COMPLETION = "completion"
# One resolution clock stands behind both, so it is contested once for both.
OF_ONE_CLOCK = frozenset({COMPLETION, Indicator.CLOSED_ON_TIME})


class Part(TextChoices):
    """How a resolution clock lies to the period. O only while the month still runs."""

    DUE = "D", _("due in the period")
    CARRIED = "C", _("carried over")
    EARLY = "E", _("done early")
    PAUSED = "P", _("paused at the end")
    OPEN = "O", _("not due yet")


class Grade(TextChoices):
    EXCELLENT = "excellent", _("Excellent")
    QUALIFIED = "qualified", _("Qualified")
    UNQUALIFIED = "unqualified", _("Unqualified")


# The best first: the first of the three keys of a rank.
GRADE_ORDER = {Grade.EXCELLENT: 0, Grade.QUALIFIED: 1, Grade.UNQUALIFIED: 2}


class WhyNot(TextChoices):
    """Why a unit has no rank."""

    NO_CASE = "no_case", _("No case and no plan")
    # shown by why_not_words, with the scheme's own figures
    TOO_FEW = "too_few", _("Fewer than the minimum of cases due, even over three months")


def why_not_words(code: str, minimum: int, window: int) -> str:
    """Why a unit has no rank, with the figures of the scheme."""
    if code != WhyNot.TOO_FEW:
        return str(WhyNot(code).label) if code else ""
    words = {"minimum": minimum, "window": window}
    return gettext("Fewer than %(minimum)d cases due, even over %(window)d months") % words


def label_of(code: str) -> str:
    """The words for whatever a frozen case counts towards."""
    if code == COMPLETION:
        return str(_("Completion"))
    return str(Indicator(code).label if code in Indicator else Deduction(code).label)
