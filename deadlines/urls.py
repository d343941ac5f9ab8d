from django.urls import path

from deadlines import views

app_name = "deadlines"
urlpatterns = [
    path("calendar/", views.show_calendar, name="calendar"),
    path("calendar/new/", views.propose_calendar, name="propose_calendar"),
    path("calendar/<int:number>/", views.what_if, name="what_if"),
    path("calendar/<int:number>/apply/", views.apply_calendar, name="apply_calendar"),
    path("calendar/limits/", views.rules, name="rules"),
    path("calendar/limits/<slug:kind>/<slug:case>/", views.replace_rule, name="replace_rule"),
]
