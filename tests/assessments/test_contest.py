"""Units contest single cases of their draft within three working days; the coordinator rules, scores recompute."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from accounts.actors import actor_for
from accounts.roles import Role
from assessments import casetable, services
from assessments.models import Contest, FrozenCase, Result, Run
from common.errors import Conflict, NotVisible, PermissionDenied, ValidationError
from documents import registry
from documents.services.attach import prepare
from notices.models import Notice
from tests.assessments import factories as f
from tests.assessments.factories import MONTH, NOW, t

pytestmark = pytest.mark.django_db
THURSDAY = t("07-02 10:00")


@pytest.fixture
def draft():
    """A draft of June: the unit has 5 of 8 done in time, the coordinator's own office is ranked as well."""
    unit, office, other = f.unit("区水务局"), f.unit("区营商办"), f.unit("区经信局")
    f.good(unit, 5)
    f.late(unit, 3)
    for one in (office, other):
        f.good(one, 5)
    f.late(office, 1)
    return {
        "unit": unit,
        "office": office,
        "run": services.assess(month=MONTH, now=NOW),
        "officer": f.person(Role.UNIT_OFFICER, unit),
        "coordinator": f.person(Role.COORDINATOR, office),
        "supervisor": f.person(Role.SUPERVISOR, f.unit("区政府督查室", kind="leadership")),
        "case": FrozenCase.objects.filter(unit=unit, indicator="completion", counts=False).first(),
    }


def contest(draft, case=None, *, actor=None, text="企业 6 月 8 日书面同意延期", now=THURSDAY, file=None) -> Contest:
    chosen = case or draft["case"]
    return services.contest(case_id=chosen.pk, actor=actor or draft["officer"], text=text, file=file, now=now)


def rule(draft, found: Contest, *, accept=True, actor=None, text="属实", now=THURSDAY) -> Contest:
    return services.rule_contest(
        contest_id=found.pk, actor=actor or draft["coordinator"], accept=accept, text=text, now=now
    )


class TestContest:
    def test_with_words_and_evidence(self, draft, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        file = prepare(SimpleUploadedFile("同意延期.txt", "企业同意延期".encode()))
        made = contest(draft, file=file)
        assert (made.state, made.ref, made.indicator) == ("open", draft["case"].ref, "completion")
        assert made.attachment.name == "同意延期.txt"
        assert registry.may_read(draft["officer"], made.attachment)
        assert registry.may_read(draft["coordinator"], made.attachment)
        assert not registry.may_read(f.person(Role.UNIT_HEAD, draft["office"]), made.attachment)
        assert not registry.may_read(f.person(Role.LEADER, draft["office"]), made.attachment)

    def test_until_the_close_of_the_third_working_day(self, draft):
        assert draft["run"].contest_until == t("07-06 18:00")
        contest(draft, now=t("07-06 18:00"))
        later = FrozenCase.objects.filter(unit=draft["unit"], indicator="completion", counts=False).last()
        with pytest.raises(Conflict):
            contest(draft, later, now=t("07-06 18:00").replace(microsecond=1))

    def test_a_month_that_still_runs_cannot_be_contested(self, draft):
        f.late(draft["unit"], 5, "07")
        services.assess(month="2026-07", now=t("07-20 06:00"))
        case = FrozenCase.objects.filter(run__month="2026-07", unit=draft["unit"], counts=False, part="D").first()
        with pytest.raises(Conflict):
            contest(draft, case, now=t("07-20 10:00"))

    def test_only_by_the_unit_itself(self, draft):
        with pytest.raises(NotVisible):
            contest(draft, actor=f.person(Role.UNIT_HEAD, draft["office"]))
        with pytest.raises(NotVisible):
            contest(draft, actor=f.person(Role.LEADER, draft["unit"]))
        with pytest.raises(PermissionDenied):
            contest(draft, actor=draft["coordinator"])

    def test_only_what_cost_something(self, draft):
        met = FrozenCase.objects.filter(unit=draft["unit"], indicator="completion", counts=True).first()
        with pytest.raises(Conflict):
            contest(draft, met)

    def test_a_case_that_lost_days_alone_did(self, draft):
        """Carried over and done in the month: in no figure, but its days may decide who of two equals gets the card."""
        carried = f.clock(draft["unit"], "05-28", "06-03")
        draft["run"] = services.assess(month=MONTH, now=NOW)
        before = Result.objects.get(run=draft["run"], unit=draft["unit"]).lost_days
        case = FrozenCase.objects.get(run=draft["run"], source_id=carried.pk)
        assert casetable.hurts(case)
        rule(draft, contest(draft, case))
        assert Result.objects.get(run=draft["run"], unit=draft["unit"]).lost_days == before - case.lost_days < before

    def test_once_and_a_clock_once_for_both_its_figures(self, draft):
        contest(draft)
        same = FrozenCase.objects.get(unit=draft["unit"], indicator="closed_on_time", source_id=draft["case"].source_id)
        with pytest.raises(Conflict):
            contest(draft, same)

    def test_with_words(self, draft):
        with pytest.raises(ValidationError):
            contest(draft, text="  ")

    def test_the_desk_hears_of_it(self, draft):
        contest(draft)
        told = set(Notice.objects.filter(word="contest").values_list("user_id", flat=True))
        assert told == {draft["coordinator"].user.pk, draft["supervisor"].user.pk}


class TestRule:
    def other(self, draft):
        """A coordinator of another office."""
        return f.person(Role.COORDINATOR, f.unit("区重大项目办", kind="leadership"))

    def test_accepted_takes_the_case_out_of_all_its_figures(self, draft):
        before = draft["run"].data_sha256
        rule(draft, contest(draft))
        row = Result.objects.get(run=draft["run"], unit=draft["unit"])
        assert (row.met, row.due) == (5, 7)
        closed = next(one for one in row.indicators if one["code"] == "closed_on_time")
        assert (closed["numerator"], closed["denominator"]) == (5, 7)
        rows = FrozenCase.objects.filter(run=draft["run"], ref=draft["case"].ref)
        assert {(case.indicator, case.excluded) for case in rows} == {("completion", True), ("closed_on_time", True)}
        assert Run.objects.get(pk=draft["run"].pk).data_sha256 != before

    def test_a_second_run_keeps_what_was_ruled(self, draft):
        rule(draft, contest(draft))
        ruled = Run.objects.get(pk=draft["run"].pk)
        again = services.assess(month=MONTH, now=t("07-03 06:00"))
        assert (again.data_sha256, again.contest_until) == (ruled.data_sha256, ruled.contest_until)
        assert Result.objects.get(run=again, unit=draft["unit"]).due == 7

    def test_rejected_changes_nothing(self, draft):
        before = draft["run"].data_sha256
        rule(draft, contest(draft), accept=False)
        assert Run.objects.get(pk=draft["run"].pk).data_sha256 == before
        assert Result.objects.get(run=draft["run"], unit=draft["unit"]).due == 8

    def test_a_deduction_is_taken_out_alone(self, draft):
        case = f.issue(draft["unit"])
        f.event(case, "send_back", "06-10")
        f.event(case, "send_back", "06-11")
        services.assess(month=MONTH, now=NOW)
        first = FrozenCase.objects.filter(unit=draft["unit"], indicator="sent_back").order_by("source_id").first()
        rule(draft, contest(draft, first))
        row = Result.objects.get(run=draft["run"], unit=draft["unit"])
        assert row.deducted == [{"code": "sent_back", "count": 1, "points": "1.00"}]

    def test_who_falls_below_five_gets_the_longer_window(self, draft):
        """5 due in June; one is taken out: 4, so April to June count: 4 + 2 of May."""
        unit = draft["office"]
        f.clock(unit, "05-10", "05-10")
        f.clock(unit, "05-11", "05-12")
        assert Result.objects.get(run=draft["run"], unit=unit).window == 1
        taken = FrozenCase.objects.filter(unit=unit, indicator="completion", counts=False).get()
        head = f.person(Role.UNIT_HEAD, unit)
        f.Clock.objects.filter(holder_unit=unit, due_at__gte=t("06-14 00:00")).delete()
        services.assess(month=MONTH, now=NOW)
        taken = FrozenCase.objects.filter(unit=unit, indicator="completion", counts=False).get()
        assert Result.objects.get(run=draft["run"], unit=unit).due == 5
        rule(draft, contest(draft, taken, actor=head), actor=draft["supervisor"])
        row = Result.objects.get(run=draft["run"], unit=unit)
        assert (row.window, row.met, row.due) == (3, 6, 6)
        ruled = Run.objects.get(pk=draft["run"].pk).data_sha256
        assert services.assess(month=MONTH, now=t("07-03 06:00")).data_sha256 == ruled

    def test_nobody_rules_for_the_own_unit_then_the_supervisor_does(self, draft):
        case = FrozenCase.objects.filter(unit=draft["office"], indicator="completion", counts=False).first()
        found = contest(draft, case, actor=f.person(Role.UNIT_HEAD, draft["office"]))
        with pytest.raises(PermissionDenied):
            rule(draft, found)
        # A second post there is enough, whatever post is acted in.
        two_posts = self.other(draft)
        f.post(two_posts.user, Role.SPECIALIST, draft["office"])
        with pytest.raises(PermissionDenied):
            rule(draft, found, actor=actor_for(two_posts.user))
        assert rule(draft, found, actor=draft["supervisor"]).state == "accepted"

    def test_who_may_rule(self, draft):
        found = contest(draft)
        with pytest.raises(PermissionDenied):
            rule(draft, found, actor=draft["officer"])
        with pytest.raises(NotVisible):
            rule(draft, found, actor=f.person(Role.UNIT_HEAD, draft["office"]))
        for role in (Role.CHIEF, Role.AUDITOR):
            with pytest.raises(PermissionDenied):
                rule(draft, found, actor=f.person(role, draft["office"]))

    def test_once_and_with_a_reason(self, draft):
        found = contest(draft)
        with pytest.raises(ValidationError):
            rule(draft, found, text="")
        rule(draft, found)
        with pytest.raises(Conflict):
            rule(draft, found, accept=False)
        assert Notice.objects.filter(word="rule_contest", user=draft["officer"].user).count() == 1

    def test_the_database_wants_two_persons(self, draft):
        found = contest(draft)
        with pytest.raises(IntegrityError), transaction.atomic():
            Contest.objects.filter(pk=found.pk).update(ruled_by=found.opened_by, state="accepted")
