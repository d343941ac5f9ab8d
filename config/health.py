"""Is the process alive, can it work, and how is it doing."""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from kombu import Connection
from kombu.exceptions import OperationalError


class HealthMiddleware:
    """Answers ``/healthz`` before everything else: it needs no host name, session, or database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path in ("/healthz", "/readyz") and request.method in ("GET", "HEAD"):
            return healthz(request) if request.path == "/healthz" else readyz(request)
        return self.get_response(request)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and migrations; 503 when one of them is not there."""
    database = _database()
    parts = {
        "database": database,
        "migrations": _migrations() if database == "ok" else "unknown",
        "broker": _broker(),
    }
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus figures, for internal addresses only; from elsewhere the page does not exist."""
    address = request.META.get("REMOTE_ADDR")
    direct = address and "HTTP_X_FORWARDED_FOR" not in request.META
    if not direct or not any(ip_address(address) in ip_network(network) for network in settings.METRICS_NETWORKS):
        raise Http404
    return ExportToDjangoView(request)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "down"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"


def _broker() -> str:
    try:
        with Connection(settings.CELERY_BROKER_URL, transport_options={"socket_connect_timeout": 1}) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except (OperationalError, OSError):
        return "down"
    return "ok"
