"""Every write of HOW WELL, one verb each."""

from assessments.services.compute import assess, correct, rehearse
from assessments.services.contests import contest, rule_contest
from assessments.services.papers import issue_papers
from assessments.services.publication import propose_publication, publish, repair_card, retract

__all__ = [
    "assess",
    "contest",
    "correct",
    "issue_papers",
    "propose_publication",
    "publish",
    "rehearse",
    "repair_card",
    "retract",
    "rule_contest",
]
