"""Published by two persons, neither for the own unit; then frozen for good; corrected only by a new version."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actors import actor_for
from accounts.roles import Role
from assessments import services
from assessments.models import Card, FrozenCase, Result, Run
from assessments.services import publication
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from notices.models import Notice
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db
TUESDAY = t("07-07 09:00")


@pytest.fixture
def draft():
    units = [f.unit("区市场监管局"), f.unit("区经信局"), f.unit("区水务局")]
    for unit, done, late in zip(units, (5, 5, 4), (0, 0, 3), strict=True):
        f.good(unit, done)
        f.late(unit, late)
    hall = f.unit("区委区政府", kind="leadership")
    return {
        "run": services.assess(month=MONTH, now=NOW),
        "units": units,
        "last": units[2],
        "coordinator": f.person(Role.COORDINATOR, hall),
        "second": f.person(Role.COORDINATOR, hall),
        "supervisor": f.person(Role.SUPERVISOR, hall),
        "head": f.person(Role.UNIT_HEAD, units[2]),
    }


def propose(draft, actor=None, *, now=TUESDAY, digest=None) -> Run:
    run = Run.objects.draft(MONTH)
    return services.propose_publication(
        run_id=run.pk, actor=actor or draft["coordinator"], data_sha256=digest or run.data_sha256, now=now
    )


def publish(draft, actor=None, *, now=TUESDAY, digest=None) -> Run:
    run = Run.objects.draft(MONTH) or draft["run"]
    return services.publish(
        run_id=run.pk, actor=actor or draft["supervisor"], data_sha256=digest or run.data_sha256, now=now
    )


class TestTwoPersons:
    def test_one_proposes_another_publishes(self, draft):
        assert propose(draft).state == "proposed"
        run = publish(draft)
        assert run.state == "published"
        assert run.proposed_by.user == draft["coordinator"].user
        assert run.published_by.user == draft["supervisor"].user

    def test_a_second_coordinator_may_sign_as_well(self, draft):
        propose(draft)
        assert publish(draft, draft["second"]).state == "published"

    def test_never_the_same_person_in_whatever_post(self, draft):
        propose(draft)
        with pytest.raises(PermissionDenied):
            publish(draft, draft["coordinator"])
        f.post(draft["coordinator"].user, Role.SUPERVISOR, f.unit(kind="leadership"))
        with pytest.raises(PermissionDenied):
            publish(draft, actor_for(draft["coordinator"].user))

    def test_the_database_wants_two_as_well(self, draft, monkeypatch):
        """The control: with the policy switched off the constraint refuses."""
        propose(draft)
        monkeypatch.setattr(publication, "can", lambda actor, action, run: True)
        with pytest.raises(IntegrityError), transaction.atomic():
            publish(draft, draft["coordinator"])
        run = draft["run"]
        with pytest.raises(IntegrityError), transaction.atomic():
            Run.objects.filter(pk=run.pk).update(state="published", published_by=None)

    def test_nobody_signs_for_a_ranked_unit_in_which_they_hold_a_post(self, draft):
        """The office of a coordinator is itself ranked: then the supervisor publishes."""
        own = f.person(Role.COORDINATOR, draft["last"])
        two_posts = f.person(Role.COORDINATOR, f.unit(kind="leadership"))
        f.post(two_posts.user, Role.SPECIALIST, draft["units"][0])
        two_posts = actor_for(two_posts.user)
        propose(draft, own)
        for actor in (two_posts, f.person(Role.COORDINATOR, draft["units"][1])):
            with pytest.raises(PermissionDenied):
                publish(draft, actor)
        assert publish(draft).state == "published"

    def test_only_these_roles(self, draft):
        for role in (Role.SUPERVISOR, Role.CHIEF, Role.AUDITOR):
            with pytest.raises(PermissionDenied):
                propose(draft, f.person(role, f.unit(kind="leadership")))
        with pytest.raises(PermissionDenied):
            propose(draft, draft["head"])
        with pytest.raises(NotVisible):
            propose(draft, f.person(Role.LEADER, draft["last"]))
        propose(draft)
        with pytest.raises(PermissionDenied):
            publish(draft, f.person(Role.CHIEF, f.unit(kind="leadership")))

    def test_either_may_send_it_back(self, draft):
        propose(draft)
        services.retract(run_id=draft["run"].pk, actor=draft["supervisor"], now=TUESDAY)
        with pytest.raises(Conflict):
            publish(draft)
        with pytest.raises(Conflict):
            services.retract(run_id=draft["run"].pk, actor=draft["supervisor"], now=TUESDAY)
        propose(draft)
        assert publish(draft).state == "published"


class TestWhen:
    def test_not_before_the_days_to_contest_are_over(self, draft):
        with pytest.raises(Conflict):
            propose(draft, now=t("07-06 18:00"))
        assert propose(draft, now=t("07-06 18:01")).state == "proposed"

    def test_not_while_a_contest_waits(self, draft):
        case = FrozenCase.objects.filter(unit=draft["last"], counts=False).first()
        found = services.contest(case_id=case.pk, actor=draft["head"], text="有误", now=t("07-02 10:00"))
        with pytest.raises(Conflict):
            propose(draft)
        services.rule_contest(contest_id=found.pk, actor=draft["coordinator"], accept=False, text="无误", now=TUESDAY)
        assert propose(draft).state == "proposed"

    def test_a_month_that_still_runs_is_not_published(self, draft):
        run = services.assess(month="2026-07", now=t("07-20 06:00"))
        with pytest.raises(Conflict):
            services.propose_publication(
                run_id=run.pk, actor=draft["coordinator"], data_sha256=run.data_sha256, now=t("07-20 09:00")
            )

    def test_the_signature_is_on_the_figures_that_were_seen(self, draft):
        with pytest.raises(Conflict):
            propose(draft, digest="0" * 64)
        propose(draft)
        with pytest.raises(Conflict):
            publish(draft, digest="0" * 64)

    def test_a_proposed_month_is_not_computed_anew(self, draft):
        propose(draft)
        f.late(draft["units"][0], 3)
        run = services.assess(month=MONTH, now=TUESDAY)
        assert (run.state, run.data_sha256) == ("proposed", draft["run"].data_sha256)

    def test_in_order(self, draft):
        with pytest.raises(Conflict):
            publish(draft)
        propose(draft)
        with pytest.raises(Conflict):
            propose(draft)
        publish(draft)
        with pytest.raises(Conflict):
            publish(draft)


class TestFrozen:
    def test_a_later_assess_changes_nothing(self, draft):
        propose(draft)
        run = publish(draft)
        rows = list(run.cases.order_by("pk").values())
        f.late(draft["units"][0], 3)
        again = services.assess(month=MONTH, now=t("07-08 06:00"))
        assert (again.pk, again.state, again.data_sha256) == (run.pk, "published", run.data_sha256)
        assert list(run.cases.order_by("pk").values()) == rows
        assert Run.objects.filter(month=MONTH).count() == 1

    @pytest.mark.parametrize(
        "sql",
        [
            "UPDATE assessments_frozencase SET counts = true WHERE run_id = %s",
            "DELETE FROM assessments_frozencase WHERE run_id = %s",
            "INSERT INTO assessments_frozencase (run_id, unit_id, indicator, source_id, issue_id, ref, counts, part,"
            " points, lost_days, excluded) SELECT run_id, unit_id, indicator, -source_id, issue_id, ref, counts, part,"
            " points, lost_days, excluded FROM assessments_frozencase WHERE run_id = %s",
            "UPDATE assessments_result SET red_card = false WHERE run_id = %s",
            "DELETE FROM assessments_result WHERE run_id = %s",
            "UPDATE assessments_run SET data_sha256 = repeat('0', 64) WHERE id = %s",
            "UPDATE assessments_run SET state = 'draft' WHERE id = %s",
            "DELETE FROM assessments_run WHERE id = %s",
        ],
    )
    def test_not_even_by_sql(self, draft, sql):
        """The control is the draft: there the same statement is let through."""
        with transaction.atomic(), connection.cursor() as cursor:
            if "DELETE FROM assessments_run" not in sql:  # its rows hang on it
                cursor.execute(sql, [draft["run"].pk])
            transaction.set_rollback(True)
        draft["run"].refresh_from_db()
        propose(draft)
        publish(draft)
        with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [draft["run"].pk])


class TestCards:
    def test_given_with_the_publication(self, draft):
        assert Card.objects.count() == 0
        propose(draft)
        publish(draft)
        card = Card.objects.get()
        assert (card.unit, card.group, card.issued_at) == (draft["last"], "departments", TUESDAY)
        assert card.facts == Result.objects.get(run=draft["run"], unit=draft["last"]).facts

    def test_the_unit_hears_of_it(self, draft):
        propose(draft)
        publish(draft)
        told = set(Notice.objects.filter(user=draft["head"].user).values_list("word", flat=True))
        assert {"publish", "red_card"} <= told
        other = f.person(Role.UNIT_HEAD, draft["units"][0])
        assert not Notice.objects.filter(user=other.user, word="red_card").exists()

    def test_repaired_is_marked_never_gone(self, draft):
        propose(draft)
        publish(draft)
        card = Card.objects.get()
        with pytest.raises(PermissionDenied):
            services.repair_card(card_id=card.pk, actor=draft["head"], note="已整改", now=TUESDAY)
        with pytest.raises(PermissionDenied):
            own = f.person(Role.COORDINATOR, draft["last"])
            services.repair_card(card_id=card.pk, actor=own, note="已整改", now=TUESDAY)
        with pytest.raises(ValidationError):
            services.repair_card(card_id=card.pk, actor=draft["supervisor"], note=" ", now=TUESDAY)
        services.repair_card(card_id=card.pk, actor=draft["supervisor"], note="三件已办结", now=TUESDAY)
        card.refresh_from_db()
        assert (card.repaired_at, card.repaired_note) == (TUESDAY, "三件已办结")
        assert Result.objects.get(run=draft["run"], unit=draft["last"]).red_card
        with pytest.raises(Conflict):
            services.repair_card(card_id=card.pk, actor=draft["supervisor"], note="再次", now=TUESDAY)


class TestCorrect:
    def correct(self, draft, reason="一件的办结时间录错") -> Run:
        return services.correct(month=MONTH, reason=reason, now=t("07-08 09:00"), actor=draft["coordinator"])

    def test_a_new_version_with_its_reason(self, draft):
        propose(draft)
        first = publish(draft)
        f.Clock.objects.filter(holder_unit=draft["last"], met_at__isnull=True).update(met_at=t("06-29"))
        second = self.correct(draft)
        assert (second.version, second.state, second.reason) == (2, "draft", "一件的办结时间录错")
        assert Run.objects.current(MONTH) == first
        assert services.assess(month=MONTH, now=t("07-08 10:00")) == second
        propose(draft, now=t("07-20 09:00"))
        publish(draft, now=t("07-20 09:00"))
        first.refresh_from_db()
        assert (first.state, Run.objects.current(MONTH).pk) == ("replaced", second.pk)
        assert first.cards.count() == 1
        assert second.cards.count() == 0
        assert Result.objects.get(run=first, unit=draft["last"]).red_card

    def test_a_repaired_card_stays_repaired(self, draft):
        propose(draft)
        publish(draft)
        services.repair_card(card_id=Card.objects.get().pk, actor=draft["supervisor"], note="已办结", now=TUESDAY)
        self.correct(draft)
        propose(draft, now=t("07-20 09:00"))
        second = publish(draft, now=t("07-20 09:00"))
        assert second.cards.get().repaired_note == "已办结"

    def test_only_of_what_is_published_with_words_by_the_coordinator(self, draft):
        with pytest.raises(Conflict):
            self.correct(draft)
        propose(draft)
        publish(draft)
        with pytest.raises(ValidationError):
            self.correct(draft, " ")
        with pytest.raises(PermissionDenied):
            services.correct(month=MONTH, reason="x", now=TUESDAY, actor=draft["supervisor"])
        self.correct(draft)
        with pytest.raises(Conflict):
            self.correct(draft)
