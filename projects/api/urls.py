from django.urls import path

from projects.api import master

urlpatterns = [
    path("enterprises/", master.Enterprises.as_view(), name="enterprises"),
    path("enterprises/<str:uscc>/", master.OneEnterprise.as_view(), name="enterprise"),
    path("lines/", master.Lines.as_view(), name="lines"),
    path("lines/<int:pk>/", master.OneLine.as_view(), name="line"),
    path("chains/", master.Chains.as_view(), name="chains"),
]
