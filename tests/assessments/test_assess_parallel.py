"""The month computed by many at once, over real connections, killed on the way, with the data changing underneath."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from accounts.roles import Role
from assessments import services
from assessments.models import FrozenCase, Result, Run
from assessments.services import compute
from common.errors import Conflict
from deadlines.defaults import ensure_defaults
from deadlines.models import Clock
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def defaults():
    ensure_defaults()


def together(work: Callable[[int], Any], n: int) -> list[Any]:
    """``n`` threads, each on its own connection, let go at one instant. What each answered or raised."""
    gate, answers = threading.Barrier(n), [None] * n

    def run(i: int) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            answers[i] = work(i)
        except Exception as error:
            answers[i] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def month(units: int = 3) -> list[Any]:
    made = [f.unit() for _ in range(units)]
    for unit in made:
        f.good(unit, 5)
        f.late(unit, 2)
    return made


def rows(run: Run) -> list[tuple[Any, ...]]:
    found = FrozenCase.objects.filter(run=run).order_by("unit", "indicator", "source_id")
    return list(found.values_list("unit_id", "indicator", "source_id", "counts", "part", "lost_days"))


def test_ten_at_once_make_one_draft():
    month()
    answers = together(lambda i: services.assess(month=MONTH, now=NOW), 10)
    assert {type(answer) for answer in answers} == {Run}
    run = Run.objects.get()
    assert {answer.data_sha256 for answer in answers} == {run.data_sha256}
    assert len(rows(run)) == len(set(rows(run))) == 3 * 7 * 2
    assert Result.objects.filter(run=run).count() == 3


def test_without_the_lock_they_get_in_each_others_way(monkeypatch):
    """The control: what holds the ten apart is the month's lock."""
    month()
    monkeypatch.setattr(compute, "lock", lambda month: None)
    failed = False
    for _ in range(5):
        Run.objects.all().delete()
        answers = together(lambda i: services.assess(month=MONTH, now=NOW), 10)
        failed = failed or any(isinstance(answer, IntegrityError) for answer in answers)
    assert failed


def test_killed_on_the_way_leaves_the_draft_as_it_was(monkeypatch):
    units = month()
    run = services.assess(month=MONTH, now=NOW)
    before, digest = rows(run), run.data_sha256
    f.late(units[0], 3)

    @contextmanager
    def killed() -> Iterator[None]:
        """The server ends the connection in mid-run, as kill -9 of the client would."""
        real = compute.results.build

        def build(*args: Any) -> Any:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pid = cursor.fetchone()[0]
            other = connections.create_connection("default")
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
            other.close()
            return real(*args)

        monkeypatch.setattr(compute.results, "build", build)
        yield
        monkeypatch.undo()

    for _ in range(5):
        with killed():
            [answer] = together(lambda i: services.assess(month=MONTH, now=NOW), 1)
        assert isinstance(answer, Exception)
        run.refresh_from_db()
        assert (rows(run), run.data_sha256) == (before, digest)
    assert services.assess(month=MONTH, now=NOW).data_sha256 != digest


def test_data_that_changes_meanwhile_is_in_all_of_a_run_or_in_none():
    """A writer moves a case from late to done, always two together: no run sees one without the other."""
    one, other = month(2)
    pair = [f.clock(one, "06-20"), f.clock(other, "06-20")]
    keys = [clock.pk for clock in pair]
    stop = threading.Event()

    def edit() -> None:
        done = False
        while not stop.is_set():
            Clock.objects.filter(pk__in=keys).update(met_at=None if done else t("06-19"))
            done = not done
        connections.close_all()

    writer = threading.Thread(target=edit)
    writer.start()
    try:
        for _ in range(15):
            run = services.assess(month=MONTH, now=NOW)
            seen = FrozenCase.objects.filter(run=run, indicator="completion", source_id__in=keys)
            assert len(set(seen.values_list("counts", flat=True))) == 1
            for unit in (one, other):
                cases = FrozenCase.objects.filter(run=run, unit=unit, indicator="completion")
                assert Result.objects.get(run=run, unit=unit).met == cases.filter(counts=True).count()
    finally:
        stop.set()
        writer.join()


def test_publishing_against_computing_is_one_of_the_two():
    units = month()
    run = services.assess(month=MONTH, now=NOW)
    hall = f.unit(kind="leadership")
    coordinator, supervisor = f.person(Role.COORDINATOR, hall), f.person(Role.SUPERVISOR, hall)
    later = t("07-07 09:00")
    services.propose_publication(run_id=run.pk, actor=coordinator, data_sha256=run.data_sha256, now=later)
    f.late(units[0], 3)

    def work(i: int) -> Run:
        if i == 0:
            return services.publish(run_id=run.pk, actor=supervisor, data_sha256=run.data_sha256, now=later)
        return services.assess(month=MONTH, now=later)

    before = rows(run)
    answers = together(work, 6)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    run.refresh_from_db()
    assert (run.state, rows(run)) == ("published", before)


def test_two_signatures_at_once_publish_once():
    month()
    run = services.assess(month=MONTH, now=NOW)
    hall = f.unit(kind="leadership")
    coordinator = f.person(Role.COORDINATOR, hall)
    supervisors = [f.person(Role.SUPERVISOR, hall) for _ in range(4)]
    later = t("07-07 09:00")
    services.propose_publication(run_id=run.pk, actor=coordinator, data_sha256=run.data_sha256, now=later)
    answers = together(
        lambda i: services.publish(run_id=run.pk, actor=supervisors[i], data_sha256=run.data_sha256, now=later), 4
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "Conflict", "Conflict", "Run"]
    assert all(isinstance(answer, Run | Conflict) for answer in answers)


def test_a_card_is_repaired_once_by_two_at_once():
    unit = f.unit()
    f.good(unit, 5)
    f.late(unit, 2)
    run = services.assess(month=MONTH, now=NOW)
    row = Result.objects.get(run=run, unit=unit)
    one, two = (f.person(role, f.unit()).posts[0] for role in (Role.COORDINATOR, Role.SUPERVISOR))
    signed = {"proposed_by": one, "proposed_at": NOW, "published_by": two, "published_at": NOW}
    Run.objects.filter(pk=run.pk).update(state="published", **signed)
    card = run.cards.create(unit=unit, group=row.group, facts=row.facts or {}, issued_at=NOW)
    actors = [f.person(Role.SUPERVISOR, f.unit()) for _ in range(2)]
    answers = together(
        lambda i: services.repair_card(card_id=card.pk, actor=actors[i], note=f"已办结{i}", now=t("07-09 10:00")), 2
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Card", "Conflict"], answers
    winner = next(i for i, answer in enumerate(answers) if not isinstance(answer, Conflict))
    card.refresh_from_db()
    assert card.repaired_note == f"已办结{winner}"
    assert card.repaired_by_id == actors[winner].posts[0].pk
