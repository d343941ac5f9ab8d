"""The words of WHAT: stages, categories, kinds, and the gates between stages (PRODUCT.md §4). Pure data."""

import itertools
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

SUBJECT = "project"  # of clocks, files and papers: a project, an approval being a part of it


class Stage(TextChoices):
    """In this order; ``terminated`` may follow any but the last, ``struck_off`` follows it alone."""

    PLANNING = "planning", _("Planning")
    NEGOTIATION = "negotiation", _("Negotiation")
    SIGNING = "signing", _("Signing")
    CONSTRUCTION = "construction", _("Construction")
    PRODUCTION = "production", _("Production")
    OPERATION = "operation", _("Operation")
    TERMINATED = "terminated", _("Terminated")
    STRUCK_OFF = "struck_off", _("Struck off")


WAY = (
    Stage.PLANNING,
    Stage.NEGOTIATION,
    Stage.SIGNING,
    Stage.CONSTRUCTION,
    Stage.PRODUCTION,
    Stage.OPERATION,
)
NEXT = dict(itertools.pairwise(WAY))
BEGUN = (Stage.PLANNING, Stage.NEGOTIATION)
OVER = frozenset({Stage.TERMINATED, Stage.STRUCK_OFF})


class Level(TextChoices):
    DISTRICT = "district", _("District project")
    CITY = "city", _("Major project of the city")
    PROVINCE = "province", _("Major project of the province")


class Category(TextChoices):
    PRELIMINARY = "preliminary", _("Preliminary")
    PLANNED_START = "planned_start", _("New start planned")
    CONTINUING = "continuing", _("Continuing")
    COMPLETING = "completing", _("Completing and starting production")


class ApprovalType(TextChoices):
    APPROVAL = "approval", _("Approval system")
    FILING = "filing", _("Filing system")


class Ownership(TextChoices):
    STATE = "state", _("State-owned")
    PRIVATE = "private", _("Private")
    FOREIGN = "foreign", _("Foreign-funded")
    JOINT = "joint", _("Joint venture")
    OTHER = "other", _("Other ownership")


class Size(TextChoices):
    LARGE = "large", _("Large")
    MEDIUM = "medium", _("Medium-sized")
    SMALL = "small", _("Small")
    MICRO = "micro", _("Micro")


class ParcelState(TextChoices):
    PLANNED = "planned", _("Planned")
    APPROVING = "approving", _("In approval")
    LEVELLING = "levelling", _("Being levelled")
    HANDED_OVER = "handed_over", _("Land handed over")
    BUILDING = "building", _("Being built on")


class Duty(TextChoices):
    """What somebody of the service team does for a project."""

    SPECIALIST = "specialist", _("Service specialist")
    AGENT = "agent", _("Agent for errands")
    MEMBER = "member", _("Member of the service team")


# 5+2: five looks and two sums (五看两算).
class Criterion(TextChoices):
    INDUSTRY = "industry", _("Industry")
    TECHNOLOGY = "technology", _("Technology")
    TEAM = "team", _("Team")
    MARKET = "market", _("Market prospects")
    STRENGTH = "strength", _("Financial strength")
    COST = "cost", _("What it costs us")
    RETURN = "return", _("What it returns")


class Review(TextChoices):
    """Joint pre-review: one veto holds the signing (一票否决)."""

    ENVIRONMENT = "environment", _("Environment")
    ENERGY = "energy", _("Energy")
    SAFETY = "safety", _("Safety")


class Tier(TextChoices):
    """Who decides on the agreement, by amount."""

    PARK = "park", _("Party working committee of the park")
    EXECUTIVE = "executive", _("Executive meeting of the district government")
    STANDING = "standing", _("Standing committee of the district party committee")


# From this amount (万元) up the tier decides; the last that fits counts.
TIERS = ((Decimal(0), Tier.PARK), (Decimal(10_000), Tier.EXECUTIVE), (Decimal(100_000), Tier.STANDING))
# From 10 亿元 (in 万元) a second manager is asked for.
SECOND_MANAGER_FROM = Decimal(100_000)


def tier_for(amount: Decimal | None) -> Tier:
    """The lowest tier that may decide on ``amount`` (万元)."""
    return [tier for least, tier in TIERS if (amount or Decimal(0)) >= least][-1]


class ItemKind(TextChoices):
    MILESTONE = "milestone", _("Milestone")
    TASK = "task", _("Task")
    APPROVAL = "approval", _("Approval step")


class ItemState(TextChoices):
    PENDING = "pending", _("Not begun")
    RUNNING = "running", _("Under way")
    RETURNED = "returned", _("Returned for correction")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")
    DROPPED = "dropped", _("Not needed")


OPEN_ITEMS = frozenset({ItemState.PENDING, ItemState.RUNNING, ItemState.RETURNED})

# Milestones whose day is a fact of the project, once known never overwritten: key → field of Project.
MILESTONES = {
    "talks": "talks_on",
    "signed": "signed_on",
    "capital_in": "capital_in_on",
    "started": "started_on",
    "completed": "completed_on",
    "produced": "produced_on",
    "capacity": "capacity_on",
}
# Approvals that gates ask for, by the key of their plan item.
CONSTRUCTION_PERMIT, JOINT_ACCEPTANCE = "construction_permit", "joint_acceptance"


# What the approving office reports of each project every Friday (三层八线 三（四）), by the keys of plan items.
FRIDAY_STEPS = (
    ("filing", _("Filing")),
    ("land_permit", _("Land use permit")),
    ("works_permit", _("Works planning permit")),
    ("reporting", _("Project report")),
    ("survey", _("Survey review")),
    ("drawings", _("Drawings review")),
    (CONSTRUCTION_PERMIT, _("Construction permit, paper")),
)


class DayKind(TextChoices):
    WORKING = "wd", _("working days")
    CALENDAR = "cd", _("calendar days")


class PromiseSide(TextChoices):
    GOVERNMENT = "government", _("Government")
    ENTERPRISE = "enterprise", _("Enterprise")


class CheckResult(TextChoices):
    KEPT = "kept", _("Kept")
    UNDER_WAY = "under_way", _("Under way")
    BROKEN = "broken", _("Broken")


class Finding(TextChoices):
    """What a look back at the promises finds (诚信履约回头看)."""

    NOT_STARTED = "not_started", _("Not started in time")
    IDLE_LAND = "idle_land", _("Land held but not built on")
    SLOW = "slow", _("Built slowly and dragged on")
    GOVERNMENT = "government", _("Promise of the government not kept")


class LogKind(TextChoices):
    VISIT = "visit", _("Visit")
    CALL = "call", _("Telephone call")
    ONSITE = "onsite", _("Work on site")
    TALK = "talk", _("Talk")


class ChainMeetingKind(TextChoices):
    CHIEF = "chief", _("Dispatch meeting of the chief")
    FORCE = "force", _("Study meeting of the task force")


class ImportState(TextChoices):
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    REFUSED = "refused", _("With mistakes")
    APPLYING = "applying", _("Being taken over")
    APPLIED = "applied", _("Taken over")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Broken off")
