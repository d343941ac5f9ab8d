"""The sign-in pages in our look: what a person reads when it works, when it doesn't, and when it is locked."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "lin-jiang-2026-Zhou"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("zhoumin", name="周敏", password=PASSWORD)


def sign_in(client: Client, login: str, password: str):
    return client.post(reverse("account_login"), {"login": login, "password": password})


def test_sign_in_leads_to_the_to_dos(client: Client, person: User, settings):
    answer = sign_in(client, person.username, PASSWORD)
    assert answer.status_code == 302
    assert answer.headers["Location"] == settings.LOGIN_REDIRECT_URL


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: Client, person: User):
    def mistakes(login: str) -> str:
        html = sign_in(Client(), login, "not-the-password").content.decode()
        return html[html.index('class="summary"') : html.index("<form class=")].replace(login, "")

    assert mistakes(person.username) == mistakes("nobody-of-this-name")
    assert "not-the-password" not in sign_in(client, person.username, "not-the-password").content.decode()


def test_the_title_begins_with_the_mistake(client: Client):
    assert "<title>错误： 工作人员登录" in sign_in(client, "", "").content.decode()


def test_five_wrong_attempts_show_the_lock_and_for_how_long(client: Client, person: User):
    answers = [sign_in(client, person.username, "not-the-password") for _attempt in range(5)]
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    locked = sign_in(client, person.username, PASSWORD)
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert "登录已锁定 15 分钟" in locked.content.decode()


def test_sign_out_asks_and_takes_a_post(client: Client, person: User):
    client.force_login(person)
    page = client.get(reverse("account_logout")).content.decode()
    assert "要退出吗？" in page
    assert "_auth_user_id" in client.session
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_who_forgot_the_password_is_told_whom_to_ask(client: Client):
    page = client.get(reverse("account_login")).content.decode()
    assert "忘记密码，请联系安全保密管理员重设" in page
    assert "password/reset" not in page
    assert "signup" not in page
