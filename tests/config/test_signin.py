"""Sign-in at the door: closed to newcomers, shut after five wrong passwords."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.django_db
RIGHT = "Right-Password-12345"


@pytest.fixture
def person():
    return get_user_model().objects.create_user(username="somebody", password=RIGHT)


def sign_in(client, password, address="192.0.2.1"):
    return client.post("/accounts/login/", {"login": "somebody", "password": password}, REMOTE_ADDR=address)


def test_nobody_signs_up(client):
    before = get_user_model().objects.count()
    form = {"username": "newcomer", "password1": RIGHT, "password2": RIGHT}
    assert client.get("/accounts/signup/").status_code == 404
    assert client.post("/accounts/signup/", form).status_code == 404
    assert get_user_model().objects.count() == before


@pytest.mark.parametrize(
    "rest",
    ["", "email/", "confirm-email/", "password/set/", "password/reset/", "password/reset/done/", "reauthenticate/"],
)
def test_of_the_sign_in_library_nothing_else_is_there(client, person, mailoutbox, rest):
    for _who in range(2):
        assert client.get(f"/accounts/{rest}").status_code == 404
        assert client.post(f"/accounts/{rest}", {"email": "stranger@example.test"}).status_code == 404
        client.force_login(person)
    assert mailoutbox == []
    assert client.get("/accounts/password/change/").status_code == 200  # the control


def test_the_right_password_opens(client, person):
    assert sign_in(client, RIGHT).status_code == 302


def test_after_five_wrong_ones_the_right_one_does_not_help(client, person):
    for _ in range(5):
        last = sign_in(client, "wrong")
    assert last.status_code == 429
    refused = sign_in(client, RIGHT)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) == 900


def test_four_wrong_ones_do_not_shut(client, person):
    for _ in range(4):
        sign_in(client, "wrong")
    assert sign_in(client, RIGHT).status_code == 302


def test_a_stranger_elsewhere_can_not_lock_a_person_out(client, person):
    for _ in range(6):
        sign_in(client, "wrong", address="198.51.100.7")
    assert sign_in(client, RIGHT).status_code == 302


def test_another_spelling_is_the_same_account(client, person):
    for spelling in ("somebody", "SOMEBODY", "Somebody", " somebody", "sOmebody"):
        client.post("/accounts/login/", {"login": spelling, "password": "wrong"}, REMOTE_ADDR="192.0.2.1")
    assert sign_in(client, RIGHT).status_code == 429
