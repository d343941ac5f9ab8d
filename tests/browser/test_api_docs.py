"""The API's documentation in a browser, under our own policy."""


def test_it_lists_the_operations_without_a_violation(page):
    page.goto("/api/docs/")
    page.wait_for_selector(".opblock", timeout=60_000)
    assert page.locator(".opblock").count() > 10


def test_only_there_are_data_images_allowed(client, db):
    assert "data:" in client.get("/api/docs/").headers["Content-Security-Policy"]
    assert "data:" not in client.get("/accounts/login/").headers["Content-Security-Policy"]
