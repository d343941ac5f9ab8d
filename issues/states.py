"""The words of the loop: states, actions, the transition table (PRODUCT.md §3). Pure data."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    SUBMITTED = "submitted", _("Awaiting acceptance")
    RETURNED = "returned", _("Awaiting supplement")
    DECLINED = "declined", _("Declined")
    MERGED = "merged", _("Merged")
    ASSIGNED = "assigned", _("Awaiting signature")
    HANDLING = "handling", _("In handling")
    COORDINATING = "coordinating", _("In coordination")
    SUSPENDED = "suspended", _("Suspended")
    PROPOSED = "proposed", _("Awaiting verification")
    RATING = "rating", _("Awaiting rating")
    DISPUTED = "disputed", _("Disputed")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Phase(TextChoices):
    COLLECT = "collect", _("Collect")
    ASSIGN = "assign", _("Assign")
    COORDINATE = "coordinate", _("Coordinate")
    SUPERVISE = "supervise", _("Supervise")
    CLOSE = "close", _("Close")


PHASE_OF = {
    State.SUBMITTED: Phase.COLLECT,
    State.RETURNED: Phase.COLLECT,
    State.DECLINED: Phase.CLOSE,
    State.MERGED: Phase.CLOSE,
    State.ASSIGNED: Phase.ASSIGN,
    State.HANDLING: Phase.COORDINATE,
    State.COORDINATING: Phase.COORDINATE,
    State.SUSPENDED: Phase.COORDINATE,
    State.PROPOSED: Phase.CLOSE,
    State.RATING: Phase.CLOSE,
    State.DISPUTED: Phase.CLOSE,
    State.CLOSED: Phase.CLOSE,
    State.WITHDRAWN: Phase.CLOSE,
}

FINAL = frozenset({State.DECLINED, State.MERGED, State.CLOSED, State.WITHDRAWN})
OPEN = tuple(state for state in State if state not in FINAL)
WORKING = frozenset({State.HANDLING, State.COORDINATING, State.SUSPENDED})


class Action(TextChoices):
    SUBMIT = "submit", _("Submit")
    RETURN = "return", _("Return for supplement")
    SUPPLEMENT = "supplement", _("Supplement")
    DECLINE = "decline", _("Decline")
    MERGE = "merge", _("Merge")
    ASSIGN = "assign", _("Assign")
    REFUSE = "refuse", _("Refuse")
    SIGN = "sign", _("Sign for")
    REASSIGN = "reassign", _("Reassign")
    FEED_BACK = "feed_back", _("Feed back")
    EXTEND = "extend", _("Ask for extension")
    SUSPEND = "suspend", _("Ask for suspension")
    CLOSE_OVER = "close_over", _("Propose closing over a dispute")
    GRANT = "grant", _("Grant")
    DENY = "deny", _("Deny")
    RESUME = "resume", _("Resume")
    RELEASE = "release", _("Release a co-unit")
    ESCALATE = "escalate", _("Escalate")
    DECIDE = "decide", _("Decide")
    PROPOSE = "propose", _("Propose closing")
    SEND_BACK = "send_back", _("Send back")
    VERIFY = "verify", _("Verify the result")
    RATE = "rate", _("Rate")
    UPHOLD = "uphold", _("Uphold the dispute")
    LAPSE = "lapse", _("Rating lapsed")
    REOPEN = "reopen", _("Reopen")
    WITHDRAW = "withdraw", _("Withdraw")


# From which states an action starts. Where it ends is decided by its verb; the table in PRODUCT.md §3 is the law.
S = State
FROM: dict[str, frozenset[str]] = {
    Action.RETURN: frozenset({S.SUBMITTED}),
    Action.SUPPLEMENT: frozenset({S.RETURNED}),
    Action.DECLINE: frozenset({S.SUBMITTED}),
    Action.MERGE: frozenset({S.SUBMITTED, S.ASSIGNED}),
    Action.ASSIGN: frozenset({S.SUBMITTED}),
    # the lead unit only from assigned; a co-unit gives back its part while the signing limit runs
    Action.REFUSE: frozenset({S.ASSIGNED, S.HANDLING, S.COORDINATING}),
    Action.SIGN: frozenset({S.ASSIGNED}),
    Action.REASSIGN: frozenset(WORKING),
    Action.FEED_BACK: frozenset(WORKING),
    Action.EXTEND: frozenset({S.HANDLING, S.COORDINATING}),
    Action.SUSPEND: frozenset({S.HANDLING, S.COORDINATING}),
    Action.CLOSE_OVER: frozenset({S.DISPUTED}),
    Action.GRANT: frozenset({S.HANDLING, S.COORDINATING, S.DISPUTED}),
    Action.DENY: frozenset({S.HANDLING, S.COORDINATING, S.DISPUTED}),
    Action.RESUME: frozenset({S.SUSPENDED}),
    Action.RELEASE: frozenset({S.ASSIGNED, *WORKING}),
    Action.ESCALATE: frozenset({S.HANDLING, S.COORDINATING}),
    Action.DECIDE: frozenset({S.COORDINATING}),
    Action.PROPOSE: frozenset(WORKING),
    Action.SEND_BACK: frozenset({S.PROPOSED}),
    Action.VERIFY: frozenset({S.PROPOSED}),
    # closed: late after a lapse, or asked again about a promise; merged: the own number of a merged issue
    Action.RATE: frozenset({S.RATING, S.CLOSED, S.MERGED}),
    Action.UPHOLD: frozenset({S.DISPUTED}),
    Action.LAPSE: frozenset({S.RATING}),
    Action.REOPEN: frozenset({S.CLOSED}),
    Action.WITHDRAW: frozenset({S.SUBMITTED, S.RETURNED, S.ASSIGNED, *WORKING}),
}


class Channel(TextChoices):
    WEB_FORM = "web_form", _("Enterprise web form")
    SPECIALIST = "specialist", _("Service specialist")
    VISIT = "visit", _("Visit")
    MEAL_TALK = "meal_talk", _("Meal talk")
    DUTY_SESSION = "duty_session", _("Leader's duty session")
    OBSERVER = "observer", _("Business environment observer")
    HOTLINE = "hotline", _("12345 hotline")
    INSPECTION = "inspection", _("Inspection")
    QR_CARD = "qr_card", _("Supervision card")
    MEETING = "meeting", _("Meeting")
    SELF_REPORT = "self_report", _("Unit's own report")
    OTHER = "other", _("Other")


# Without an account only these.
PUBLIC_CHANNELS = frozenset({Channel.WEB_FORM, Channel.QR_CARD})


class IssueKind(TextChoices):
    ISSUE = "issue", _("Issue")
    COMPLAINT = "complaint", _("Complaint about conduct")


class Urgency(TextChoices):
    NORMAL = "normal", _("Normal")
    URGENT = "urgent", _("Urgent")


class Difficulty(TextChoices):
    SIMPLE = "simple", _("Simple")
    NORMAL = "normal", _("Ordinary")
    COMPLEX = "complex", _("Complex")


class Confidentiality(TextChoices):
    NORMAL = "normal", _("Not confidential")
    COMMERCIAL = "commercial", _("Commercial secret")
    ANONYMOUS = "anonymous", _("Anonymous")


class Outcome(TextChoices):
    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    PROMISED = "promised", _("Promised by a date")
    IMPOSSIBLE = "impossible", _("Cannot be done")


class Solved(TextChoices):
    YES = "yes", _("Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", _("No")


class Cause(TextChoices):
    """为什么没办成: by the reason, not by the department."""

    FORBIDDEN = "forbidden", _("The law forbids it")
    UNAWARE = "unaware", _("The unit does not know the policy")
    INCOMPLETE = "incomplete", _("Papers are missing")
    UNWILLING = "unwilling", _("The unit is unwilling")


class DeclineReason(TextChoices):
    OUT_OF_SCOPE = "out_of_scope", _("Outside the district's duties")
    IN_COURT = "in_court", _("In court, arbitration or review")
    PETITION = "petition", _("Belongs to petitions")
    DISCIPLINE = "discipline", _("Belongs to discipline inspection")
    DUPLICATE = "duplicate", _("Already handled under another number")
    UNCLEAR = "unclear", _("Cannot be made out even after asking")
    SECRET = "secret", _("Contains state secrets")


class SuspendReason(TextChoices):
    AWAITING_ENTERPRISE = "awaiting_enterprise", _("Waiting for the enterprise")
    AWAITING_SUPERIOR = "awaiting_superior", _("Waiting for a superior authority")
    STATUTORY = "statutory", _("Statutory procedure (hearing, test, expert review)")
    SEASON = "season", _("Season or construction conditions")
    LAWSUIT = "lawsuit", _("Waiting for a court")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")


class RequestKind(TextChoices):
    EXTEND = "extend", _("Extension")
    SUSPEND = "suspend", _("Suspension")
    CLOSE_OVER = "close_over", _("Closing over a dispute")


class RequestState(TextChoices):
    OPEN = "open", _("open")
    GRANTED = "granted", _("granted")
    DENIED = "denied", _("denied")
    VOID = "void", _("void")
