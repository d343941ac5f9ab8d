"""What opens an issue stands in its letter, and nowhere in the database (PRODUCT.md §3, API.md)."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as sent
from django.db import connection

from common import clock
from issues import services
from issues.models import Issue
from issues.services import codes
from notices.delivery import deliver
from notices.models import Delivery
from tests.cast import District


@pytest.fixture(autouse=True)
def server(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def found_in_the_database(*words: str) -> set[str]:
    """The tables of which a row holds one of the words."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = set()
        for table in tables:
            name = connection.ops.quote_name(table)
            for word in words:
                query = f"SELECT count(*) FROM {name} t WHERE t::text ILIKE %s"  # noqa: S608 -- names of tables
                cursor.execute(query, [f"%{word}%"])
                if cursor.fetchone()[0]:
                    found.add(table)
    return found


def secrets_of(issue: Issue) -> list[str]:
    tracking = services.tracking_code(issue)
    return [tracking, codes.fold(tracking), codes.rating_code(issue)]


def letters() -> str:
    with clock.at(Delivery.objects.order_by("-not_before").first().not_before):
        deliver()
    return "\n".join(message.body for message in sent.outbox)


def test_no_code_stands_in_the_database_and_the_letters_carry_them(d: District) -> None:
    issue = d.rating()
    assert Delivery.objects.filter(template="submit").exists()
    assert Delivery.objects.filter(template="verify").exists()
    assert found_in_the_database(*secrets_of(issue)) == set()
    assert "issues_issue" in found_in_the_database(issue.number)  # the control: such a search finds what is there
    text = letters()
    assert services.tracking_code(issue) in text
    assert f"/rate/{issue.number}/{codes.rating_code(issue)}/" in text
    assert found_in_the_database(*secrets_of(issue)) == set()


def test_a_late_letter_carries_the_link_of_its_own_round(d: District) -> None:
    """What was written before the case began again opens nothing of the new round."""
    issue = d.rating()
    first = codes.rating_code(issue)
    issue = d.do("rate", issue, d.submitter(issue), solved="no", satisfaction=1, text="没有解决")
    issue = d.do("uphold", issue, d.coordinator, text="责成续办")
    assert issue.round == 2
    text = letters()
    assert first in text
    assert codes.rating_code(issue) not in text
    assert codes.find_rating(issue.number, first) is None


def test_letters_that_waited_before_are_mended(d: District) -> None:
    """The migration exchanges the words in clear for whose they are."""
    from importlib import import_module

    issue = d.rating()
    code, link = services.tracking_code(issue), f"http://x/rate/{issue.number}/{codes.rating_code(issue)}/"
    submit = Delivery.objects.get(template="submit")
    Delivery.objects.filter(pk=submit.pk).update(context=submit.context | {"code": code})
    verify = Delivery.objects.get(template="verify")
    Delivery.objects.filter(pk=verify.pk).update(context=verify.context | {"link": link})
    assert found_in_the_database(code, link) == {"notices_delivery"}
    with connection.cursor() as cursor:
        cursor.execute(import_module("notices.migrations.0002_no_codes_in_the_outbox").FORWARD)
    assert found_in_the_database(code, link) == set()
    text = letters()
    assert code in text
    assert codes.rating_code(issue) in text
