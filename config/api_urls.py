"""The REST interface below /api/v1/: each app keeps its own part."""

from django.urls import include, path, re_path

from common.api.problems import not_found

urlpatterns = [
    path("", include("accounts.api.urls")),
    path("", include("documents.api.urls")),
    path("", include("projects.api.urls")),
    path("", include("issues.api.urls")),
    path("", include("assessments.api.urls")),
    re_path(r"^", not_found),
]
