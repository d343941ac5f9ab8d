"""The bench fills a database that the house could have written: it must not rot between two runs."""

from __future__ import annotations

import pytest

from benchmarks.fill import fill
from issues.models import Event, Issue
from issues.services import chain

pytestmark = pytest.mark.django_db


def test_sixty_issues():
    actors = fill(60)
    assert set(actors) == {"coordinator", "officer20"}
    assert Issue.objects.visible_to(actors["coordinator"]).count() == 60
    assert {"closed", "handling"} <= set(Issue.objects.values_list("state", flat=True))
    assert chain.verify_chain() == (Event.objects.count(), None)
