"""The context of the investment brief 招商专报: what the leaders are to know of a lead, and what is asked of them.

Plain JSON, in Chinese whatever the reader's language. The enterprise's contact is not in it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils import translation

from common import clock, context, fmt
from projects.models import Lead
from projects.services.leads import BEST
from projects.states import Criterion


def brief(lead: Lead) -> dict[str, Any]:
    with translation.override("zh-hans"):
        project = lead.project
        scores = [
            {"name": str(Criterion(one.criterion).label), "score": str(one.score), "reason": one.reason}
            for one in lead.scores.order_by("id")
        ]
        return {
            "district": context.district()["name"],
            "project": project.name,
            "code": project.code,
            "investor": project.investor or (project.enterprise.name if project.enterprise else ""),
            "industry": project.industry,
            "content": project.content,
            "money": fmt.wan(project.total_investment) if project.total_investment is not None else None,
            "land": f"{project.land_area.normalize():f}" if isinstance(project.land_area, Decimal) else None,
            "source": lead.source,
            "first_contact": lead.owner.user.name if lead.owner else None,
            "first_talk_on": lead.first_talk_on.isoformat() if lead.first_talk_on else None,
            "first_talk": lead.first_talk,
            "scores": scores,
            "best": str(BEST),
            "total": str(sum(int(one["score"]) for one in scores)),
            "most": str(BEST * len(scores)),
            "opinion": lead.opinion,
            "evaluated_on": clock.local(lead.evaluated_at).date().isoformat() if lead.evaluated_at else None,
            "park": lead.park.name if lead.park else None,
            "park_consent": lead.park_consent,
        }
