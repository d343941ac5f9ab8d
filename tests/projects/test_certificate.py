"""Each deadline of a project opens into its sheet: rule, edition of the calendar, every day."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.actors import SYSTEM
from accounts.roles import Role
from common import clock
from deadlines.models import Clock
from projects.services import finish_item, register_lead, return_item, start_item
from tests.accounts import cast
from tests.projects.planning import approval, officer, project

pytestmark = pytest.mark.django_db


def test_the_sheet_of_an_approval(client: Client) -> None:
    of = project()
    one = approval(of, promised=3)
    with clock.at(clock.parse("2026-03-05T10:00")):  # a Thursday
        start_item(actor=officer(of), item_id=one.pk)
    with clock.at(clock.parse("2026-03-06T09:00")):
        return_item(actor=officer(of), item_id=one.pk, text="缺图纸")
    with clock.at(clock.parse("2026-03-10T10:00")):
        start_item(actor=officer(of), item_id=one.pk)
        client.force_login(officer(of).user)
        (row,) = client.get(f"/app/projects/{of.code}/plan/").context["rows"]
        page = client.get(row["sheet"])
        text = page.content.decode()
    assert "时限计算单" in text
    assert "3个工作日" in text.replace(" ", "")
    running = Clock.objects.get(subject_id=of.pk)
    # counted 11, 12; the 6th and the 9th stood still
    assert clock.local(running.due_at).strftime("%m-%d") == "03-12"
    assert "03-12" in row["days"]["due"]
    with clock.at(clock.parse("2026-03-13T10:00")):
        finish_item(actor=officer(of), item_id=one.pk)
        (row,) = client.get(f"/app/projects/{of.code}/plan/").context["rows"]
        assert (row["days"]["due"], client.get(row["sheet"]).status_code) == ("", 200)


def test_the_sheet_of_an_evaluation(client: Client, coordinator) -> None:
    with clock.at(clock.parse("2026-03-05T10:00")):
        lead = register_lead(actor=SYSTEM, code="XS-1", name="储能电池", unit=cast.unit())
    client.force_login(coordinator.user)
    (one,) = client.get("/app/projects/XS-1/lead/").context["clocks"]
    page = client.get(one["url"])
    assert "2026年3月16日" in page.content.decode()  # the seventh working day
    assert client.get(one["url"].replace("XS-1", project().code)).status_code == 404
    outsider = cast.actor(Role.UNIT_OFFICER)
    client.force_login(outsider.user)
    assert client.get(one["url"]).status_code == 404
    approval(lead.project, unit=outsider.posts[0].unit)
    assert client.get(one["url"]).status_code == 403  # sees the plan, not the rest of the file
