"""The pages of a month: flat rows of its groups, and what may be done with it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.policy import can
from accounts.roles import Group
from assessments import periods, policy, scheme
from assessments.models import Card, Contest, Result, Run
from assessments.states import why_not_words
from common import clock, fmt
from documents.models import Document

UP, DOWN, SAME = "↑", "↓", "—"


def months(actor: Actor) -> list[dict[str, Any]]:
    """All runs that the actor may open, newest month first, with the numbers of units and cards."""
    ranked = Count("results", filter=Q(results__rank__isnull=False), distinct=True)
    rows = Run.objects.visible_to(actor).annotate(ranked=ranked, carded=Count("cards", distinct=True))
    return [
        {
            "label": month_label(run),
            "url": address(run),
            "state": state_of(run),
            "ranked": run.ranked if shows_all(actor, run) else "",
            "cards": run.carded if run.state == Run.State.PUBLISHED else "",
            "at": fmt.md_hm(run.published_at or run.computed_at),
        }
        for run in rows.order_by("-month", "-version")
    ]


def month_label(run: Run) -> str:
    return fmt.month(run.starts_at)


def title(run: Run) -> str:
    if run.state == Run.State.REHEARSAL:
        return _("Rehearsal of %(month)s") % {"month": month_label(run)}
    return _("Monthly ranking %(month)s") % {"month": month_label(run)}


def address(run: Run, name: str = "month", *args: Any, **query: Any) -> str:
    """A page of the run; what isn't the month's current run is named by its version."""
    if run.state == Run.State.REHEARSAL and name == "month":
        return reverse("assessments:rehearsal", args=[run.month])
    if run.state in (Run.State.REPLACED, Run.State.REHEARSAL) or run.version > 1:
        query["version"] = run.version
    path = reverse(f"assessments:{name}", args=[run.month, *args])
    return f"{path}?{urlencode(query)}" if query else path


def state_of(run: Run) -> str:
    if run.state == Run.State.REHEARSAL:
        return _("Rehearsal")
    return _("Version %(version)d, %(state)s") % {"version": run.version, "state": run.get_state_display()}


def paper(actor: Actor, source: Run | Card) -> Document | None:
    """The bulletin of a run or the notice of a card, as it is valid now, if the actor may read it."""
    kind = "run" if isinstance(source, Run) else "card"
    rows = Document.objects.visible_to(actor).filter(state=Document.State.VALID)
    return rows.filter(source_kind=kind, source_id=source.pk).first()


def shows_all(actor: Actor, run: Run) -> bool:
    """A published month is there as a whole; of a draft a unit sees its own row only."""
    return policy.sees_all(actor) or run.state in (Run.State.PUBLISHED, Run.State.REPLACED)


def groups(actor: Actor, run: Run) -> list[dict[str, Any]]:
    return [table for group in Group if (table := group_table(actor, run, group))]


def group_table(actor: Actor, run: Run, group: str, *, here: int | None = None) -> dict[str, Any] | None:
    """One group's ranking with the unit ``here`` marked; None when the actor sees nothing of it."""
    rows = list(Result.objects.visible_to(actor).filter(run=run, group=group).select_related("unit").in_order())
    if not rows:
        return None
    before = _before(run, group)
    notes = _card_notes(run, group)
    rules = scheme.of(run.scheme)
    ranked = [row for row in rows if row.rank is not None]
    return {
        "key": str(group),
        "label": str(Group(group).label),
        "note": _("Grade first, then completion, then score")
        if shows_all(actor, run)
        else _("The own unit only, until the month is published"),
        "rows": [_row(run, row, before.get(row.unit_id), notes.get(row.unit_id, ""), here) for row in ranked],
        "unranked": [
            {
                "unit": row.unit_name,
                "url": why_url(run, row),
                "why": why_not_words(row.why_not, rules.minimum, rules.window),
                "on": row.unit_id == here,
            }
            for row in rows
            if row.rank is None
        ],
    }


def why_url(run: Run, row: Result) -> str:
    return address(run, "why", row.unit.code, row.group)


def _row(run: Run, row: Result, before: int | None, note: str, here: int | None) -> dict[str, Any]:
    return {
        "rank": row.rank,
        "unit": row.unit_name,
        "url": why_url(run, row),
        "move": move(row.rank, before),
        "ratio": fmt.percent(row.completion, 2),
        "fraction": fmt.ratio(row.met, row.due),
        "window": _("over %(n)d months") % {"n": row.window} if row.window > 1 else "",
        "grade": row.get_grade_display(),
        "score": fmt.places(row.score),
        "card": row.red_card and not note,
        "note": note,
        "on": row.unit_id == here,
    }


def move(rank: int | None, before: int | None) -> str:
    """Against the month before: ↑2, ↓9, —; nothing when the unit had no rank then."""
    if rank is None or before is None:
        return ""
    if rank == before:
        return SAME
    return f"{UP}{before - rank}" if rank < before else f"{DOWN}{rank - before}"


def move_words(rank: int | None, before: int | None) -> str:
    if rank is None or before is None or rank == before:
        return _("as in the month before") if rank is not None and rank == before else ""
    n = abs(rank - before)
    if rank < before:
        return _("up by %(n)d on the month before") % {"n": n}
    return _("down by %(n)d on the month before") % {"n": n}


def _before(run: Run, group: str) -> dict[int, int]:
    """Ranks of the month before, as published."""
    rows = Result.objects.filter(
        run__month=periods.before(run.month), run__state=Run.State.PUBLISHED, group=group, rank__isnull=False
    )
    return dict(rows.values_list("unit_id", "rank"))


def rank_before(run: Run, row: Result) -> int | None:
    return _before(run, row.group).get(row.unit_id)


def _card_notes(run: Run, group: str) -> dict[int, str]:
    """A repaired card is shown as repaired, never as nothing; so is the card of the month before."""
    earlier = Card.objects.standing().filter(run__month=periods.before(run.month), group=group)
    carded = set(Result.objects.filter(run=run, group=group, red_card=True).values_list("unit_id", flat=True))
    notes = {
        card.unit_id: _("Red card of the month before, repaired")
        if card.repaired_at
        else _("Red card of the month before")
        for card in earlier
        if card.unit_id not in carded
    }
    for unit in Card.objects.filter(run=run, group=group, repaired_at__isnull=False).values_list("unit_id", flat=True):
        notes[unit] = _("Red card, repaired")
    return notes


# What may be done ----------------------------------------------------------------------------------------------------


def aside(run: Run) -> str:
    """Right of the title: which edition, since when it is as it is, by which scheme."""
    lines = [state_of(run)]
    if run.published_at:
        lines.append(_("Published and frozen on %(date)s") % {"date": fmt.full_date(run.published_at)})
    else:
        lines.append(_("Computed %(time)s") % {"time": fmt.cn_datetime(run.computed_at)})
    lines.append(_("Scoring scheme version %(version)d") % {"version": run.scheme.version})
    return "\n".join(lines)


def lede(run: Run) -> str:
    """What to do now."""
    if run.state == Run.State.REHEARSAL:
        return _("What each unit would get if the month ended now. Cases that are not due yet are not counted.")
    if run.state == Run.State.PROPOSED:
        return _("Awaits the second signature, by another person.")
    if run.state == Run.State.DRAFT:
        if run.contest_until is None:
            return _("The month still runs: what is decided by now.")
        if clock.now() <= run.contest_until:
            return _("Draft: units may contest single cases until %(time)s.") % {
                "time": fmt.cn_datetime(run.contest_until)
            }
        return _("Draft: the days in which cases may be contested are over.")
    return ""


def acts(actor: Actor, run: Run) -> list[dict[str, Any]]:
    """The verbs that would not be refused; the first one is the page's primary button."""
    found = []
    now = clock.now()
    if run.state == Run.State.PROPOSED:
        if can(actor, "publish", run):
            found.append(_act(run, "publish", _("Publish")))
        if can(actor, "retract", run):
            found.append(_act(run, "retract", _("Back to draft")))
    elif run.state == Run.State.DRAFT:
        ready = run.contest_until is not None and now > run.contest_until and not run.contests.open().exists()
        if ready and can(actor, "propose_publication", run):
            found.append(_act(run, "propose_publication", _("Propose publication")))
        if can(actor, "assess", Run):
            found.append(_act(run, "assess", _("Compute again")))
    elif run.state == Run.State.PUBLISHED and can(actor, "correct", Run) and not Run.objects.draft(run.month):
        found.append(_act(run, "correct", _("Correct it")))
    return found


def _act(run: Run, verb: str, label: str) -> dict[str, str]:
    return {"url": reverse(f"assessments:{verb}", args=[run.month]), "label": label, "verb": verb}


def contests(actor: Actor, run: Run) -> list[dict[str, Any]]:
    rows = Contest.objects.visible_to(actor).filter(run=run).select_related("unit", "attachment")
    return [
        {
            "ref": row.ref,
            "unit": row.unit.name,
            "text": row.text,
            "state": row.get_state_display(),
            "open": row.state == Contest.State.OPEN,
            "at": fmt.md_hm(row.opened_at),
            "ruling": row.ruling,
            "file": row.attachment,
            "url": reverse("assessments:rule_contest", args=[row.pk])
            if row.state == Contest.State.OPEN and run.state == Run.State.DRAFT and can(actor, "rule_contest", row)
            else "",
        }
        for row in rows.order_by("state", "pk")
    ]
