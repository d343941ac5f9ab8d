"""What the pages of leads show: where each stands, one lead from the first talk to the decision, the library."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor
from accounts.forms import post_label
from accounts.policy import can
from common import clock, fmt
from deadlines import calendar
from deadlines.models import Clock
from deadlines.states import ClockKind, Light
from documents.models import Document
from projects import gates, policy
from projects.models import Lead, LibraryTarget, PreReview, Project, TierDecision
from projects.overview import may
from projects.services.briefs import paper_of
from projects.states import BEGUN, OVER, SUBJECT, WAY, tier_for

ACTS = (
    "record_first_talk", "evaluate", "recommend_park", "answer_park", "record_review", "record_decision",
    "issue_brief", "give_opinion",
)  # fmt: skip
CLOCKS = (ClockKind.EVALUATION, ClockKind.BRIEFING)
LIVING = "living"
# Where a lead stands, by what it waits for: the first condition that holds is the one, in the list as in its filter.
_ORDER: tuple[tuple[str, Any, Q], ...] = (
    ("over", gettext_lazy("Ended"), Q(project__stage__in=OVER)),
    ("signed", gettext_lazy("Brought to signing or further"), Q(project__stage__in=WAY[2:])),
    ("contact", gettext_lazy("Waits for somebody responsible"), Q(owner__isnull=True)),
    ("evaluation", gettext_lazy("Being evaluated"), Q(evaluated_at__isnull=True)),
    ("unfavourable", gettext_lazy("Not favourable"), ~Q(favourable=True)),
    ("brief", gettext_lazy("Waits for the brief"), Q(briefed_at__isnull=True)),
    ("park", gettext_lazy("Waits for the leader's consent to the park"),
     Q(park_asked_at__isnull=False, park_answered_at__isnull=True)),
    ("talks", gettext_lazy("Under negotiation"), Q()),
)  # fmt: skip
LABELS = {key: label for key, label, _condition in _ORDER}
SHOWN = ("contact", "evaluation", "brief", "park", "talks", "unfavourable", "signed", "over", LIVING)


def with_standing(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Adds ``standing``, a key of ``LABELS``."""
    whens = [When(condition, then=Value(key)) for key, _label, condition in _ORDER if condition]
    return leads.annotate(standing=Case(*whens, default=Value(_ORDER[-1][0]), output_field=CharField()))


def standing_at(leads: QuerySet[Lead], at: str) -> QuerySet[Lead]:
    """``at`` is a key of ``LABELS``, or LIVING for all that have not ended; else nothing is narrowed."""
    if at == LIVING:
        return leads.exclude(project__stage__in=OVER)
    return with_standing(leads).filter(standing=at) if at in LABELS else leads


def choices() -> list[tuple[str, Any]]:
    return [(key, LABELS.get(key, gettext_lazy("All under way"))) for key in SHOWN]


def rows(leads: Iterable[Lead]) -> list[dict[str, Any]]:
    found = list(leads)
    running = {one.subject_id: one for one in running_clocks([lead.project_id for lead in found])}
    return [_row(lead, running.get(lead.project_id)) for lead in found]


def clocks_of(keys: list[int]) -> Any:
    rows = Clock.objects.filter(subject_kind=SUBJECT, subject_id__in=keys, kind__in=CLOCKS)
    return rows.with_light(clock.now())


def running_clocks(keys: list[int]) -> Any:
    return clocks_of(keys).running()


def _row(lead: Lead, running: Clock | None) -> dict[str, Any]:
    project, owner, unit = lead.project, lead.owner, lead.project.unit
    return {
        "name": project.name,
        "code": project.code,
        "url": reverse("projects:lead", args=[project.code]),
        "source": lead.source,
        "unit": unit.label if unit else "—",
        "owner": owner.user.name if owner else "—",
        "money": fmt.wan(project.total_investment),
        "standing": str(LABELS[lead.standing]),  # type: ignore[attr-defined]  # with_standing
        "registered": fmt.md(lead.registered_at),
        "light": light_of(running) if running else None,
        "due": fmt.md(running.due_at) if running else "",
    }


def light_of(one: Any) -> fmt.Light:
    late = one.light == Light.OVERDUE
    return fmt.light(Light.YELLOW if late else one.light, breached=late)


def ended(one: Clock) -> fmt.Light:
    """Of a clock that runs no more, or stands still."""
    if one.met_at:
        late = one.met_at > one.due_at
        days = calendar.working_days_between(calendar.day_of(one.due_at), calendar.day_of(one.met_at)) if late else 0
        return fmt.light("yellow" if late else "green", fmt.kept(late=late, days=days))
    return fmt.light("none", _("Stopped") if one.stopped_at else _("Paused"))


# One lead -------------------------------------------------------------------------------------------------------------


def context(actor: Actor, project: Project) -> dict[str, Any]:
    who = ("owner__user", "owner__unit", "park", "park_asked_of__user", "park_asked_of__unit", "evaluated_by")
    lead = Lead.objects.filter(project=project).select_related(*who).first()
    allowed = may(actor, project, *ACTS)
    return {
        "lead": lead,
        "facts": _facts(lead, actor) if lead else [],
        "scores": _scores(lead) if lead else [],
        "total": _total(lead) if lead else "",
        "reviews": _reviews(project),
        "decisions": _decisions(project),
        "tier": str(tier_for(project.total_investment).label),
        "opinions": _opinions(lead) if lead else [],
        "clocks": [
            {
                "kind": one.get_kind_display(),
                "due": fmt.cn_date(one.due_at),
                "light": light_of(one) if one.light else ended(one),
                "url": reverse("projects:certificate", args=[project.code, one.pk]),
            }
            for one in clocks_of([project.pk])
        ],
        "acts": _acts(lead, project, allowed),
    }


def brief_facts(actor: Actor, project: Project) -> list[dict[str, Any]]:
    """What a leader decides on: the project, the evaluation, the park and the brief."""
    who = ("owner__user", "owner__unit", "park", "park_asked_of__user", "park_asked_of__unit", "evaluated_by")
    lead = Lead.objects.visible_to(actor).filter(project=project).select_related(*who).first()
    if lead is None:
        return []
    unit = project.unit
    shown = {str(one["label"]): one for one in _facts(lead, actor)}
    evaluation = shown[_("Evaluation")]
    return [
        {"label": _("Project"), "text": project.name, "small": project.place},
        {"label": _("Total investment"), "text": fmt.wan(project.total_investment)},
        {"label": _("Responsible unit"), "text": unit.name if unit else "—"},
        {**evaluation, "text": " · ".join(part for part in (str(evaluation["text"]), _total(lead)) if part)},
        shown[_("Park")],
        shown[_("Brief")],
    ]


def _acts(lead: Lead | None, project: Project, allowed: dict[str, bool]) -> list[dict[str, str]]:
    """The acts that are possible now, in the order of the way."""
    asked = lead is not None and lead.park_asked_at is not None and lead.park_answered_at is None
    now = {
        "record_first_talk": True,
        "evaluate": lead is not None and lead.evaluated_at is None,
        "recommend_park": lead is not None and not lead.park_consent,
        "answer_park": asked,
        "issue_brief": lead is not None and bool(lead.favourable) and lead.briefed_at is None,
        "give_opinion": lead is not None and lead.briefed_at is not None and project.stage in BEGUN,
        "record_review": True,
        "record_decision": True,
    }
    labels = {
        "record_first_talk": _("First contact"),
        "evaluate": _("5+2 evaluation"),
        "recommend_park": _("Recommend a park"),
        "answer_park": _("Answer about the park"),
        "issue_brief": _("Issue the brief"),
        "give_opinion": _("Give an opinion"),
        "record_review": _("Joint pre-review"),
        "record_decision": _("Decision of a meeting"),
    }
    return [
        {"label": labels[act], "url": reverse(f"projects:{act}", args=[project.code])}
        for act, possible in now.items()
        if possible and allowed[act]
    ]


def _facts(lead: Lead, actor: Actor) -> list[dict[str, Any]]:
    owner, asked = lead.owner, lead.park_asked_of
    consent = {True: _("Consent"), False: _("No consent"), None: _("Waits for the answer")}[lead.park_consent]
    park = f"{lead.park.name} · {consent}" if lead.park else "—"
    result = {True: _("Favourable"), False: _("Not favourable"), None: _("Being evaluated")}[lead.favourable]
    made = paper_of(lead) if lead.briefed_at else None
    seen = made is not None and Document.objects.visible_to(actor).filter(pk=made.pk).exists()
    paper = {"url": reverse("documents:detail", args=[made.pk])} if made and seen else {}
    return [
        {"label": _("Where it came from"), "text": lead.source or "—"},
        {"label": _("First contact"), "text": post_label(owner) if owner else "—"},
        {"label": _("First talk"), "text": fmt.full_date(lead.first_talk_on) or "—", "small": lead.first_talk},
        {"label": _("Contact"), "text": " ".join((lead.contact_name, fmt.masked(lead.contact_phone))).strip() or "—"},
        {"label": _("Registered"), "text": fmt.full_date(lead.registered_at)},
        {"label": _("Evaluation"), "text": result, "small": lead.opinion},
        {"label": _("Park"), "text": park, "small": lead.park_answer},
        {"label": _("Leader asked"), "text": post_label(asked) if asked else "—"},
        {"label": _("Brief"), "text": _brief(lead, made), "small": fmt.full_date(lead.briefed_at)} | paper,
    ]


def _brief(lead: Lead, made: Document | None) -> str:
    """By the number of its paper; the worker may still be at it."""
    if made is not None:
        return made.shown_number
    return _("Being made") if lead.briefed_at else "—"


def _scores(lead: Lead) -> list[dict[str, Any]]:
    return [
        {"label": one.get_criterion_display(), "score": one.score, "reason": one.reason} for one in lead.scores.all()
    ]


def _total(lead: Lead) -> str:
    scores = [one.score for one in lead.scores.all()]
    return fmt.ratio(sum(scores), 10 * len(scores)) if scores else ""


def _reviews(project: Project) -> list[dict[str, Any]]:
    return [
        {
            "side": one.get_kind_display(),
            "result": _("No objection") if one.passed else _("Veto"),
            "unit": one.unit.label if one.unit else "—",
            "on": fmt.full_date(one.on),
            "text": one.text,
        }
        for one in PreReview.objects.filter(project=project).select_related("unit")
    ]


def _decisions(project: Project) -> list[dict[str, Any]]:
    return [
        {
            "tier": one.get_tier_display(),
            "result": _("Agreed") if one.favourable else _("Not agreed"),
            "on": fmt.full_date(one.on),
            "number": one.number,
            "text": one.text,
        }
        for one in TierDecision.objects.filter(project=project)
    ]


def _opinions(lead: Lead) -> list[dict[str, str]]:
    rows = lead.leader_opinions.select_related("post__user", "post__unit")
    return [{"who": post_label(one.post), "at": fmt.full_date(one.at), "text": one.text} for one in rows]


# The library ----------------------------------------------------------------------------------------------------------


def targets(actor: Actor, year: int) -> list[tuple[LibraryTarget, int]]:
    """What each unit owes in ``year`` and how many it has brought in: leads registered in the year that
    are its own, or the park's once the leader has consented, and have not ended. Counted among the projects that the
    actor sees."""
    rows = list(LibraryTarget.objects.filter(policy.target_scope(actor), year=year, count__gt=0).select_related("unit"))
    leads = Lead.objects.visible_to(actor).exclude(project__stage__in=OVER).filter(registered_at__year=year)
    wanted = {f"t{row.pk}": Count("pk", filter=brought_by(row.unit_id) & enough(row.least)) for row in rows}
    done = leads.order_by().aggregate(**wanted) if wanted else {}
    return [(row, done[f"t{row.pk}"]) for row in rows]


def brought_by(unit: Any) -> Q:
    """On Lead: the unit's own, or the park's once the leader has consented; the library and its list ask the same."""
    return Q(project__unit=unit) | Q(park=unit, park_consent=True)


def enough(least: Decimal) -> Q:
    """What is not known counts as nothing."""
    return Q(project__total_investment__gte=least) if least else Q()


def target(row: LibraryTarget, done: int) -> dict[str, Any]:
    query = f"at={LIVING}&unit={row.unit.code}&year={row.year}&least={row.least.normalize():f}"
    return {
        "unit": row.unit.label,
        "least": fmt.wan(row.least) if row.least else _("any amount"),
        "fraction": fmt.ratio(done, row.count),
        "missing": max(row.count - done, 0),
        "url": f"{reverse('projects:leads')}?{query}",
    }


def may_target(actor: Actor) -> bool:
    return can(actor, "set_target", LibraryTarget)


def known_first(project: Project) -> dict[str, Any]:
    """What the form of the first contact starts with."""
    lead = gates.facts_of([project])[project.pk].lead
    return {"owner": lead.owner, "on": lead.first_talk_on, "text": lead.first_talk} if lead else {}
