"""Who hears of a month: the units of theirs, the operational side of all. A notice names the month, never a figure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Post
from accounts.roles import UNIT_ROLES, Role
from assessments.models import Card, Contest, Run
from notices import messages as words
from notices.models import Kind
from notices.services import notify

DESK = (Role.COORDINATOR, Role.SUPERVISOR)


def register() -> None:
    words.register("rehearse", _("%(ref)s: the rehearsal of your monthly result is ready"))
    words.register("assess", _("%(ref)s: the draft ranking is ready; single cases may be contested until %(due)s"))
    words.register("contest", _("%(ref)s: a case of the draft ranking is contested"))
    words.register("rule_contest", _("%(ref)s: your contest was ruled on"))
    words.register("propose_publication", _("%(ref)s: the ranking awaits the second signature"))
    words.register("retract", _("%(ref)s: the ranking went back to draft"))
    words.register("publish", _("%(ref)s: the monthly ranking is published"))
    words.register("red_card", _("%(ref)s: your unit has a red card"))
    words.register("repair_card", _("%(ref)s: the red card is marked as repaired"))


def rehearsed(run: Run, *, at: datetime) -> None:
    _tell(run, "rehearse", _of_units(_units(run)), at=at, key=f"{run.pk}:rehearse", path=_page(run))


def drafted(run: Run, *, at: datetime) -> None:
    posts = _of_units(_units(run)) + _of_roles(*DESK)
    key = f"{run.pk}:assess:{run.data_sha256[:16]}"
    _tell(run, "assess", posts, at=at, key=key, path=_page(run), due_at=run.contest_until)


def contested(contest: Contest, *, at: datetime) -> None:
    _tell(contest.run, "contest", _of_roles(*DESK), at=at, key=f"contest:{contest.pk}", path=_page(contest.run))


def ruled(contest: Contest, *, at: datetime) -> None:
    posts = _of_units([contest.unit_id])
    _tell(contest.run, "rule_contest", posts, at=at, key=f"contest:{contest.pk}:ruled", path=_page(contest.run))


def proposed(run: Run, *, at: datetime) -> None:
    _tell(
        run,
        "propose_publication",
        _of_roles(*DESK),
        at=at,
        key=f"{run.pk}:proposed:{at.timestamp():.0f}",
        path=_page(run),
    )


def retracted(run: Run, *, at: datetime) -> None:
    _tell(run, "retract", _of_roles(*DESK), at=at, key=f"{run.pk}:retracted:{at.timestamp():.0f}", path=_page(run))


def published(run: Run, cards: Iterable[Card], *, at: datetime) -> None:
    carded = {card.unit_id for card in cards}
    posts = _of_units(_units(run)) + _of_roles(*DESK, Role.CHIEF)
    _tell(run, "publish", posts, at=at, key=f"{run.pk}:publish", path=_page(run))
    if carded:
        _tell(run, "red_card", _of_units(carded), at=at, key=f"{run.pk}:red_card", path=_page(run), urgent=True)


def repaired(card: Card, *, at: datetime) -> None:
    path = _page(card.run)
    _tell(card.run, "repair_card", _of_units([card.unit_id]), at=at, key=f"card:{card.pk}:repaired", path=path)


def _tell(
    run: Run,
    word: str,
    posts: list[int],
    *,
    at: datetime,
    key: str,
    path: str,
    due_at: datetime | None = None,
    urgent: bool = False,
) -> None:
    notify(
        key=f"assessment:{key}",
        posts=posts,
        kind=Kind.ASSESSMENT,
        word=word,
        ref=run.month,
        path=path,
        due_at=due_at,
        urgent=urgent,
        at=at,
    )


def _page(run: Run) -> str:
    if run.state == Run.State.REHEARSAL:
        return reverse("assessments:rehearsal", args=[run.month])
    return reverse("assessments:month", args=[run.month])


def _units(run: Run) -> list[int]:
    return list(run.results.values_list("unit_id", flat=True).distinct().order_by("unit_id"))


def _of_units(units: Iterable[int]) -> list[int]:
    return list(Post.objects.filter(role__in=UNIT_ROLES, unit_id__in=list(units)).values_list("pk", flat=True))


def _of_roles(*roles: str) -> list[int]:
    return list(Post.objects.filter(role__in=roles).values_list("pk", flat=True))
