"""What every answer tells the browser."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(client):
    return client.get("/accounts/login/")


def test_nothing_is_allowed_that_is_not_named(answer):
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    for directive in ("script-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy


def test_the_other_headers(answer):
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_cookies_are_not_for_scripts_or_other_sites(answer):
    cookie = answer.cookies["csrftoken"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
