"""The browser fixtures themselves: what they promise to see, they see."""

from tests.browser.conftest import _foreign, _violation


def test_a_foreign_host_is_a_fault_and_our_own_is_none():
    assert _foreign("https://cdn.example/x.js", "http://127.0.0.1:8000") == ["asked https://cdn.example/x.js"]
    assert _foreign("http://127.0.0.1:8000/static/x.css", "http://127.0.0.1:8000") == []
    assert _foreign("data:image/svg+xml,x", "http://127.0.0.1:8000") == []


def test_an_inline_script_does_not_run_and_is_seen(browser, browser_options):
    """Without ``watch`` on this context, since it would fail the test: that is what it is for."""
    context = browser.new_context(**browser_options)
    page = context.new_page()
    seen: list[str] = []
    page.on("console", lambda message: seen.extend(_violation(message.text)))
    page.goto("/accounts/login/")
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'ran = 1'; document.body.append(s) }"
    )
    assert page.evaluate("() => window.ran") is None
    assert seen
    context.close()


def test_the_sign_in_page_is_clean(page):
    page.goto("/accounts/login/")
    assert page.locator("input[type=password]").count() == 1
