from types import SimpleNamespace

import pytest
from django.test import RequestFactory, override_settings
from django.urls import path

from common import context, nav

urlpatterns = [
    path("issues/", lambda request: None, name="list"),
    path("issues/triage/", lambda request: None, name="triage"),
    path("track/", lambda request: None, name="track"),
]

COORDINATOR = SimpleNamespace(user="周敏", posts=(), coordinator=True)
OFFICER = SimpleNamespace(user="程一苇", posts=(), coordinator=False)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch):
    monkeypatch.setattr(nav, "_entries", {})
    monkeypatch.setattr(nav, "_search", [])
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def entries():
    nav.register(nav.WORK, "问题", "list", count=lambda actor: 318, order=20)
    nav.register(nav.WORK, "交办台", "triage", visible=lambda actor: actor.coordinator, order=10)
    nav.register(nav.PUBLIC, "查进度", "track", topbar=True)


def labels(groups):
    return [[item["label"] for item in group["entries"]] for group in groups]


@pytest.mark.usefixtures("entries")
def test_only_what_the_actor_may_open_in_order_and_without_empty_groups():
    assert labels(nav.groups(COORDINATOR, "/")) == [["交办台", "问题"]]
    assert labels(nav.groups(OFFICER, "/")) == [["问题"]]


@pytest.mark.usefixtures("entries")
def test_the_longest_matching_address_is_current():
    def current(path):
        return [
            item["label"] for group in nav.groups(COORDINATOR, path) for item in group["entries"] if item["current"]
        ]

    assert current("/issues/7/") == ["问题"]
    assert current("/issues/triage/") == ["交办台"]
    assert current("/elsewhere/") == []


@pytest.mark.usefixtures("entries")
def test_counts_come_with_the_entry():
    assert nav.groups(OFFICER, "/")[0]["entries"][0]["count"] == 318


@pytest.mark.usefixtures("entries")
def test_public_entries_stand_apart():
    assert [item["label"] for item in nav.public(None)] == ["查进度"]
    assert "查进度" not in str(nav.groups(COORDINATOR, "/"))


def test_registering_twice_replaces():
    nav.register(nav.WORK, "问题", "list")
    nav.register(nav.WORK, "问题清单", "list")
    assert labels(nav.groups(OFFICER, "/")) == [["问题清单"]]


def test_an_unknown_group_is_refused():
    with pytest.raises(ValueError, match="Unknown group"):
        nav.register("nowhere", "问题", "list")


def test_check_names_an_entry_without_an_address():
    nav.register(nav.WORK, "会议", "meetings")
    nav.register_search("nothing")
    assert [error.id for error in nav.check_entries()] == ["bihuan.E010", "bihuan.E010"]


@pytest.mark.usefixtures("entries")
def test_check_is_silent_while_all_have_one():
    nav.register_search("list")
    assert nav.check_entries() == []
    assert nav.search_url() == "/issues/"


def test_nobody_signed_in_gets_no_staff_navigation():
    request = RequestFactory().get("/")
    request.actor = SimpleNamespace(user=None, posts=())
    assert context.nav(request) == []
    assert context.me(request) == {}


def test_me_names_unit_and_title():
    unit = SimpleNamespace(name="临江区营商环境建设办公室", short_name="区营商办")
    post = SimpleNamespace(unit=unit, title="", get_role_display=lambda: "协调员")
    outside = SimpleNamespace(unit=None, title="观察员", get_role_display=lambda: "")
    request = RequestFactory().get("/")
    request.actor = SimpleNamespace(user="周敏", posts=(post, outside))
    assert context.me(request) == {"name": "周敏", "place": "区营商办 · 协调员；观察员"}
