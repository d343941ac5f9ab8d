"""What of this app hangs on a post, and how it goes to an heir."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import hooks
from accounts.actors import Actor
from accounts.hooks import Work
from accounts.models import Post
from common import clock
from projects.models import Enterprise, Line, Project
from projects.querysets import LineQuerySet


def hand_over(*, post: Post, heir: Post, actor: Actor, at: datetime) -> None:
    """Lines that still run, liaison, enterprises in care, projects managed. Lines of the past keep their leader."""
    _lines(post).update(leader=heir)
    Enterprise.objects.filter(liaison_leader=post).update(liaison_leader=heir)
    Enterprise.objects.filter(specialist=post).update(specialist=heir)
    Project.objects.filter(manager=post).update(manager=heir)


def work(post: Post) -> Iterable[Work]:
    yield Work(_("Service lines"), _lines(post).count())
    yield Work(_("Enterprises"), Enterprise.objects.filter(Q(liaison_leader=post) | Q(specialist=post)).count())
    yield Work(_("Projects"), Project.objects.filter(manager=post).count())


def _lines(post: Post) -> LineQuerySet:
    today = clock.today()
    still = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return Line.objects.filter(still, leader=post, year__gte=today.year)


def register() -> None:
    hooks.on_post_end(hand_over, work=work)
