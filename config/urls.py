"""Where each part of the address space is answered. One line per app; the apps keep their own urls.py."""

from allauth.account import views as signin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView

from config import health
from config.docs import docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    # Of allauth these alone, under its names. Its addresses for e-mail, sign-up and forgotten passwords write without
    # our audit trail or send mail to whoever is typed in: a new password is set by the security administrator.
    path("accounts/login/", signin.login, name="account_login"),
    path("accounts/logout/", signin.logout, name="account_logout"),
    path("accounts/inactive/", signin.account_inactive, name="account_inactive"),
    path("accounts/password/change/", signin.password_change, name="account_change_password"),
    path("app/messages/", include("notices.urls")),
    path("app/", include("accounts.urls")),
    path("app/", include("projects.urls")),
    path("app/", include("deadlines.urls")),
    path("app/", include("issues.urls")),
    path("", include("issues.public.urls")),
    path("", include("assessments.urls")),
    path("", include("documents.urls")),
    path("", include("common.urls")),
    path("api/v1/", include("config.api_urls")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/docs/", docs, name="docs"),
]

handler400 = "common.views.bad_request"
