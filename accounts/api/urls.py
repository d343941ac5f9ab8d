from django.urls import path

from accounts.api import views

urlpatterns = [
    path("me/", views.Me.as_view(), name="me"),
    path("units/", views.Units.as_view(), name="units"),
    path("units/<str:code>/", views.OneUnit.as_view(), name="unit"),
    path("users/", views.Users.as_view(), name="users"),
    path("tokens/", views.Tokens.as_view(), name="tokens"),
    path("tokens/<int:pk>/", views.OneToken.as_view(), name="token"),
]
