from django.urls import path

from assessments.api import views

urlpatterns = [
    path("assessments/monthly/<str:month>/", views.Monthly.as_view(), name="monthly"),
    path("assessments/monthly/<str:month>/<str:unit>/cases/", views.Cases.as_view(), name="cases"),
    path("rates/", views.Rates.as_view(), name="rates"),
]
