from django.urls import path

from documents.api import views

urlpatterns = [
    path("documents/", views.Documents.as_view(), name="documents"),
    path("documents/<str:number>/", views.OneDocument.as_view(), name="document"),
    path("verify/<str:code>/", views.Verify.as_view(), name="verify"),
]
