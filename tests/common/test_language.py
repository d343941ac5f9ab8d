import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/"


def language(client: Client, **headers: str) -> str:
    return client.get(PAGE, headers=headers).headers["Content-Language"]


def test_an_english_browser_still_gets_chinese(client: Client):
    assert language(client, accept_language="en-US,en;q=0.9") == "zh-hans"


def test_the_switch_holds_from_then_on(client: Client):
    answer = client.post(reverse("set_language"), {"language": "en", "next": PAGE})
    assert answer.headers["Location"] == PAGE
    assert language(client) == "en"
    client.post(reverse("set_language"), {"language": "zh-hans"})
    assert language(client) == "zh-hans"


@pytest.mark.parametrize("wish", ["tlh", "../../etc", "en\u0000", ""])
def test_a_language_that_is_none_of_ours_is_ignored(client: Client, wish: str):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = wish
    assert language(client) == "zh-hans"


def test_one_persons_choice_is_not_the_next_ones(client: Client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert language(client) == "en"
    assert language(Client()) == "zh-hans"
