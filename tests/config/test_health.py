"""/healthz, /readyz, /metrics."""

import pytest
from django.db.migrations.recorder import MigrationRecorder

NOWHERE = "redis+socket:///nowhere/redis.sock"


def test_the_process_answers_without_a_database_or_a_known_host(client, settings):
    settings.ALLOWED_HOSTS = []
    assert client.get("/healthz", headers={"host": "10.0.0.1"}).content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_all_is_there(client):
    answer = client.get("/readyz")
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "broker": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_not_ready_without_the_broker(client, settings):
    settings.CELERY_BROKER_URL = NOWHERE
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "down"
    assert answer.json()["database"] == "ok"


@pytest.mark.django_db
def test_not_ready_with_a_migration_to_come(client, django_db_blocker):
    MigrationRecorder.Migration.objects.filter(app="common").delete()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["migrations"] == "pending"


@pytest.mark.django_db
def test_not_ready_without_the_database(client, monkeypatch):
    from django.db import OperationalError, connection

    def refuse(*args, **kwargs):
        raise OperationalError("down")

    monkeypatch.setattr(connection, "cursor", refuse)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "down", "migrations": "unknown", "broker": "ok"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "forwarded", "status"),
    [
        ("127.0.0.1", None, 200),
        ("::1", None, 200),
        ("203.0.113.5", None, 404),
        ("127.0.0.1", "203.0.113.5", 404),  # through a proxy: whoever it is, not an internal scraper
        ("", None, 404),
    ],
)
def test_figures_are_for_internal_addresses(client, address, forwarded, status):
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    assert client.get("/metrics", headers=headers, REMOTE_ADDR=address).status_code == status


@pytest.mark.django_db
def test_internal_networks_can_be_named(client, settings):
    settings.METRICS_NETWORKS = ["203.0.113.0/24"]
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 404
