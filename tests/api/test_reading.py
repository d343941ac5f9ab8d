"""Reading that leaves a trace, and what an answer must not say (API.md: each value where one may see it)."""

from __future__ import annotations

from accounts.models import AuditEntry
from issues import services
from tests.api.conftest import Api
from tests.cast import District

CONTACT = {"name": "顾工", "phone": "13800000001", "email": "gu@example.test"}


def seen_contacts() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(act="view_contact").values_list("user__username", "object_ref"))


def secrets_read() -> list[str]:
    return list(AuditEntry.objects.filter(act="read_commercial").values_list("object_ref", flat=True))


def test_staff_read_a_phone_only_with_an_audit_row(api: Api, d: District) -> None:
    issue = d.signed()
    masked = {"name": "顾工", "phone": "138****0001", "email": ""}
    assert api.as_("officer").get(f"/issues/{issue.number}/").json()["contact"] == masked
    assert api.as_("coordinator").get("/issues/").json()["results"][0]["contact"] == masked
    assert seen_contacts() == []
    answer = api.as_("officer").get(f"/issues/{issue.number}/contact/")
    assert (answer.status_code, answer.json()) == (200, CONTACT)
    assert seen_contacts() == [("unit_officer", issue.number)]


def test_the_contact_is_for_who_may_know_it(api: Api, d: District) -> None:
    hidden = d.assign(d.submit(confidentiality="anonymous"))
    assert api.as_("officer").get(f"/issues/{hidden.number}/contact/").status_code == 403
    assert api.as_("city_officer").get(f"/issues/{hidden.number}/contact/").status_code == 404
    assert api.as_().get(f"/issues/{hidden.number}/contact/").status_code == 401
    assert seen_contacts() == []
    assert api.as_("coordinator").get(f"/issues/{hidden.number}/contact/").json() == CONTACT


def test_the_submitter_reads_the_own_contact_in_the_open(api: Api, d: District) -> None:
    issue = d.submit()
    mine = api.as_(HTTP_X_TRACKING_CODE=services.tracking_code(issue))
    assert mine.get(f"/issues/{issue.number}/").json()["contact"] == CONTACT
    assert mine.get(f"/issues/{issue.number}/contact/").json() == CONTACT
    assert seen_contacts() == []


def test_an_auditor_reads_a_commercial_secret_only_with_an_audit_row(api: Api, d: District) -> None:
    secret = d.assign(d.submit(confidentiality="commercial", text="配方甲"))
    plain = d.assign(d.submit())
    client = api.as_("auditor")
    assert client.get(f"/issues/{plain.number}/").json()["text"]
    assert secrets_read() == []
    assert client.get(f"/issues/{secret.number}/").json()["text"] == "配方甲"
    assert secrets_read() == [secret.number]
    client.get("/issues/")
    assert secrets_read() == [secret.number] * 2
    client.get(f"/issues/{secret.number}/events/")
    assert secrets_read() == [secret.number] * 3
    api.as_("coordinator").get(f"/issues/{secret.number}/")
    api.as_("officer").get(f"/issues/{secret.number}/")
    assert len(secrets_read()) == 3  # the control: for those who work on it no entry is due


def test_an_auditor_reads_the_decision_on_a_secret_with_an_audit_row(api: Api, d: District) -> None:
    secret = d.do("sign", d.assign(d.submit(confidentiality="commercial")), d.officer)
    secret = d.do("escalate", secret, d.officer, text="需要协调")
    d.do("decide", secret, d.leader, text="由水务局办", unit="SWJ")
    assert api.as_("auditor").get("/decisions/").json()["results"][0]["text"] == "由水务局办"
    assert secrets_read() == [secret.number]


def test_a_conflict_names_no_person_to_a_submitter(api: Api, d: District) -> None:
    issue = d.signed()
    body = {"tracking_code": services.tracking_code(issue), "text": "补充"}
    answer = api.as_().post(f"/issues/{issue.number}/actions/supplement/", body)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["state"], told["version"]) == ("handling", issue.version)
    assert told["by"] == d.water.name
    assert d.officer.user.name not in answer.content.decode()


def test_rates_by_town_do_not_hint_where_an_anonymous_case_comes_from(api: Api, d: District) -> None:
    issue = d.do("sign", d.assign(d.submit(actor=d.enterprise, confidentiality="anonymous")), d.officer)
    assert issue.town_id == d.town.pk
    d.do("feed_back", issue, d.officer, text="已踏勘")
    window = {"from": "2026-03-01", "to": "2026-03-31", "by": "town"}
    officer = api.as_("officer").get("/rates/", window).json()
    assert officer == []
    whole = api.as_("officer").get("/rates/", window | {"by": "unit"}).json()
    assert [row["response"]["denominator"] for row in whole] == [1]  # counted, but nowhere by its town
    [desk] = api.as_("coordinator").get("/rates/", window).json()
    assert desk["key"] == d.town.code
