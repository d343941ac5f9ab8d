"""What every page inherits: no inline style or script, the switches, the error pages, the folded stylesheet."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from common import staticfiles, views
from common.context import ELDER_COOKIE

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
INLINE = re.compile(r"""\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:|hx-on|https?://""", re.IGNORECASE)
PAGES = ["/styleguide/", "/styleguide/public/", "/accounts/login/"]

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("bad", ['<p style="x">', "<script>1</script>", '<a onclick="x">', '<img src="http://a/b">'])
def test_the_pattern_finds_what_the_policy_forbids(bad):
    assert INLINE.search(bad)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_no_template_holds_inline_style_script_or_a_foreign_host(template: Path):
    assert INLINE.findall(template.read_text()) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_answer_in_both_languages(client: Client, page: str, language: str):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(page)
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}"' in html
    assert html.count("<h1") == 1
    assert len(ids := re.findall(r'\sid="([^"]+)"', html)) == len(set(ids))


def test_public_pages_load_no_script(client: Client):
    assert "<script" not in client.get("/accounts/login/").content.decode()
    assert "<script" in client.get("/styleguide/").content.decode()  # the staff shell does


def test_style_guide_is_not_in_production(settings):
    import importlib

    from common import urls

    # by the fixture: it is the one that puts settings back, whatever the order in which fixtures end
    settings.PRODUCTION = True
    assert [pattern.name for pattern in importlib.reload(urls).urlpatterns] == ["set_language", "elder"]
    settings.PRODUCTION = False
    assert "styleguide" in [pattern.name for pattern in importlib.reload(urls).urlpatterns]


def test_large_text_is_a_cookie_and_a_class(client: Client):
    assert 'class="elder"' not in client.get("/accounts/login/").content.decode()
    response = client.post(reverse("elder"), {"elder": "1", "next": "/accounts/login/"})
    assert response.headers["Location"] == "/accounts/login/"
    assert 'class="elder"' in client.get("/accounts/login/").content.decode()
    client.post(reverse("elder"), {"elder": "0"})
    assert client.cookies[ELDER_COOKIE].value == ""


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_large_text_leads_nowhere_else(client: Client, target: str):
    assert client.post(reverse("elder"), {"next": target}).headers["Location"] == "/"


def test_switches_want_a_post_with_a_token():
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(reverse("elder")).status_code == 405
    refused = strict.post(reverse("elder"), {"elder": "1"})
    assert refused.status_code == 403
    assert "这张表单打开太久了" in refused.content.decode()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "413", "429", "500"])
def test_error_pages_draw_without_any_context(code: str):
    html = render_to_string(f"{code}.html")
    assert "<h1>" in html
    assert "css/app" in html


def test_not_found_in_our_look(client: Client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "没有找到您能看的内容" in response.content.decode()


def test_too_many_tells_how_long():
    response = views.too_many(RequestFactory().get("/"), 61)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "61")
    assert "请等 2 分钟再试" in response.content.decode()


def test_too_large_tells_how_much():
    response = views.too_large(RequestFactory().get("/"), 20)
    assert response.status_code == 413
    assert "20 MB" in response.content.decode()


def test_fold_puts_each_part_into_its_layer():
    entry = '@layer a, b;\n@import url("x.css") layer(a);\n@import url("y.css") layer(b);\n'
    folded = staticfiles.fold(entry, {"x.css": "p { }\n", "y.css": "q { }\n"}.__getitem__)
    assert folded == "@layer a, b;\n@layer a {\np { }\n}\n@layer b {\nq { }\n}\n"


def test_every_stylesheet_is_in_the_entry():
    folder = settings.BASE_DIR / "static" / "css"
    imported = re.findall(
        r'@import url\("([^"]+)"\)', (folder / staticfiles.PurePosixPath(staticfiles.ENTRY).name).read_text()
    )
    assert sorted(imported) == sorted(path.name for path in folder.glob("*.css") if path.name != "app.css")


def test_collected_stylesheet_is_one_file_within_the_budget(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "common.staticfiles.FoldedManifestStorage"}}
    for _run in range(2):  # the second finds the folded file of the first
        call_command("collectstatic", interactive=False, verbosity=0)
    (hashed,) = (tmp_path / "css").glob("app.*.css")
    text = hashed.read_text()
    assert "@import" not in text
    assert "--vermilion: #b52d1a" in text
    assert text.count("{") == text.count("}")
    assert "chevron." in text
    assert len(gzip.compress(text.encode(), 9)) <= 20_000  # staff 25 kB, public 20 kB: they share one sheet
    own = gzip.compress((settings.BASE_DIR / "static" / "js" / "staff.js").read_bytes(), 9)
    assert len(own) <= 3_000
