from django.conf import settings
from django.urls import path
from django.views.i18n import set_language

from common import views

urlpatterns = [
    path("language/", set_language, name="set_language"),
    path("large-text/", views.elder, name="elder"),
]
if not settings.PRODUCTION:
    urlpatterns += [
        path("styleguide/", views.styleguide, name="styleguide"),
        path("styleguide/public/", views.styleguide, {"shell": "public"}, name="styleguide_public"),
    ]
