from django.urls import path

from documents import verification, views

app_name = "documents"
urlpatterns = [
    path("files/<int:pk>/<str:name>", views.attachment, name="attachment"),
    path("app/documents/", views.library, name="library"),
    path("app/documents/<int:pk>/", views.detail, name="detail"),
    path("app/documents/<int:pk>/download/", views.download, name="download"),
    path("app/documents/<int:pk>/official-number/", views.record_official_number, name="record_official_number"),
    path("app/documents/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("v/", verification.enter_code, name="enter_code"),
    path("v/<str:code>/", verification.check, name="verify"),
]
