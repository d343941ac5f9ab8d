from django.urls import path

from issues.api import decisions, views

urlpatterns = [
    path("issues/", views.Issues.as_view(), name="issues"),
    path("issues/<str:number>/", views.OneIssue.as_view(), name="issue"),
    path("issues/<str:number>/contact/", views.Contact.as_view(), name="contact"),
    path("issues/<str:number>/actions/<str:action>/", views.Act.as_view(), name="act"),
    path("issues/<str:number>/events/", views.Events.as_view(), name="events"),
    path("issues/<str:number>/clocks/", views.Clocks.as_view(), name="clocks"),
    path("issues/<str:number>/attachments/", views.Attachments.as_view(), name="attachments"),
    path("decisions/", decisions.Decisions.as_view(), name="decisions"),
    path("decisions/<int:pk>/feedback/", decisions.FeedBackDecision.as_view(), name="decision_feedback"),
]
