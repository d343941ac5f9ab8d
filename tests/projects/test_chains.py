"""Industry chains: entered, kept in rhythm, reminded once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.actors import SYSTEM, Actor, actor_for
from accounts.models import AuditEntry
from accounts.roles import Role
from common import clock
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from notices.models import Notice
from projects import chains, services
from projects.models import Chain, Project
from tests.accounts import cast

pytestmark = pytest.mark.django_db
START = date(2026, 1, 15)


def chain(name: str = "新材料", **fields: object) -> Chain:
    return services.create_chain(actor=SYSTEM, name=name, starts_on=fields.pop("starts_on", START), **fields)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 10, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 2, date(2027, 2, 15)),
        (date(2024, 1, 30), 1, date(2024, 2, 29)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_the_same_day_some_months_later(day, months, wanted) -> None:
    assert chains.later(day, months) == wanted


def test_the_rhythm_counts_from_the_last_meeting_of_its_kind(coordinator: Actor) -> None:
    made = chain()
    chief, force = chains.beats([made])
    assert (chief.due, force.due) == (date(2026, 3, 15), date(2026, 2, 15))
    with clock.at(at(date(2026, 2, 20))):
        services.record_meeting(
            actor=coordinator, chain_id=made.pk, kind="force", on=date(2026, 2, 10), text="听取进展"
        )
        with pytest.raises(ValidationError):
            services.record_meeting(actor=coordinator, chain_id=made.pk, kind="force", on=date(2026, 2, 21))
    chief, force = chains.beats([made])
    assert (chief.due, force.due) == (date(2026, 3, 15), date(2026, 3, 10))
    assert force.missed(date(2026, 3, 11))
    assert not force.missed(date(2026, 3, 10))


def test_a_missed_meeting_reminds_whom_it_concerns_exactly_once() -> None:
    unit = cast.unit()
    with clock.at(at(START)):
        coordinator = cast.actor(Role.COORDINATOR)
        leader, head = cast.post(Role.LEADER, cast.unit()), cast.post(Role.UNIT_HEAD, unit)
        stranger = cast.post(Role.UNIT_HEAD, cast.unit())
    made = chain(leader=leader, units=[unit])
    chain("已结束", ends_on=date(2026, 2, 1))
    assert services.remind_of_chains(now=at(date(2026, 2, 15))) == 0
    told = services.remind_of_chains(now=at(date(2026, 2, 16)))
    people = set(Notice.objects.values_list("user", flat=True))
    assert (told, people) == (3, {leader.user_id, head.user_id, coordinator.user.pk})
    assert stranger.user_id not in people
    for day in (date(2026, 2, 16), date(2026, 2, 17)):
        assert services.remind_of_chains(now=at(day)) == 0
    with clock.at(at(date(2026, 2, 18))):
        services.record_meeting(actor=coordinator, chain_id=made.pk, kind="force", on=date(2026, 2, 18))
    assert services.remind_of_chains(now=at(date(2026, 3, 19))) == 5  # the next one, and the leader's


def test_who_keeps_a_chain(coordinator: Actor) -> None:
    unit = cast.unit()
    leader = cast.post(Role.LEADER, cast.unit())
    made = chain(leader=leader, units=[unit])
    given = {"chain_id": made.pk, "kind": "chief", "on": START}
    for actor in (actor_for(leader.user), cast.actor(Role.UNIT_OFFICER, unit), coordinator):
        services.record_meeting(actor=actor, **given)
    for actor in (cast.actor(Role.LEADER), cast.actor(Role.UNIT_HEAD), cast.actor(Role.CHIEF)):
        with pytest.raises(PermissionDenied):
            services.record_meeting(actor=actor, **given)
        with pytest.raises(PermissionDenied):
            services.change_chain(actor=actor, chain_id=made.pk, name="别的链")
    with pytest.raises(NotVisible):
        services.add_target(actor=cast.actor(Role.OBSERVER), chain_id=made.pk, name="某企业")


def test_what_is_wrong_is_refused(coordinator: Actor) -> None:
    made = chain(ends_on=START + timedelta(days=10))
    for bad in (
        {"chief_months": 0},
        {"leader": cast.post(Role.UNIT_HEAD, cast.unit())},
        {"ends_on": START - timedelta(days=1)},
        {"name": ""},
    ):
        with pytest.raises(ValidationError):
            services.change_chain(actor=coordinator, chain_id=made.pk, **bad)
    with pytest.raises(Conflict):
        services.add_target(actor=coordinator, chain_id=made.pk, name="某企业")


def test_the_pages_work(client: Client, coordinator: Actor) -> None:
    unit = cast.unit("工业局")
    client.force_login(coordinator.user)
    given = {"name": "新材料", "units": [unit.pk], "chief_months": 2, "force_months": 1, "starts_on": "2026-01-15"}
    assert client.post("/app/chains/new/", given).status_code == 302
    made = Chain.objects.get()
    services.create_enterprise(actor=coordinator, name="云溪新材料有限公司")
    page = f"/app/chains/{made.pk}/"
    client.post(f"{page}target/", {"name": "云溪新材料有限公司"})
    client.post(f"{page}target/", {"name": "外地的企业"})
    assert client.post(f"{page}target/", {"name": "外地的企业"}).status_code == 422
    client.post(f"{page}meeting/", {"kind": "force", "on": str(clock.today()), "text": "听取进展"})
    Project.objects.create(code="P-1", name="云溪项目", chain=made, created_at=clock.now())
    text = client.get(page).content.decode()
    for words in ("工业局", "云溪新材料有限公司", "外地的企业", "听取进展", "云溪项目"):
        assert words in text
    assert {"create_chain", "add_target", "record_meeting"} <= set(AuditEntry.objects.values_list("act", flat=True))
    other = cast.actor(Role.UNIT_HEAD)
    client.force_login(other.user)
    text = client.get(page).content.decode()
    assert "云溪项目" not in text
    assert "/app/enterprises/" not in text.split("<main")[1]
    assert client.get("/app/chains/").status_code == 200
