"""Complaints about conduct count in the figures, but their numbers stand in no paper and no explanation: those have
readers who may not learn that there is one."""

from __future__ import annotations

from collections.abc import Iterable

from issues.models import Issue
from issues.states import IssueKind


def complaints_among(refs: Iterable[str]) -> frozenset[str]:
    """Which of these numbers are complaints, in one query."""
    rows = Issue.objects.filter(number__in=set(refs), kind=IssueKind.COMPLAINT)
    return frozenset(rows.values_list("number", flat=True))


def shown(ref: str, complaints: frozenset[str]) -> str:
    return str(IssueKind.COMPLAINT.label) if ref in complaints else ref
