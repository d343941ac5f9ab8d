from django.urls import path

from issues.views import act, bulk, decisions, export, inbox, listing, master, new, ofproject, page, triage

app_name = "issues"

urlpatterns = [
    path("", inbox.index, name="inbox"),
    path("mine/", inbox.own, name="mine"),
    path("triage/", triage.index, name="triage"),
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/<int:pk>/", decisions.feedback, name="decision"),
    path("categories/", master.categories, name="categories"),
    path("categories/new/", master.category, name="category_new"),
    path("categories/<int:pk>/", master.category, name="category"),
    path("issues/", listing.index, name="list"),
    path("projects/<str:code>/issues/", ofproject.of_project, name="of_project"),
    path("issues/new/", new.new, name="new"),
    path("issues/bulk/", bulk.index, name="bulk"),
    path("issues/export/<str:kind>/", export.filtered, name="export"),
    path("issues/<str:number>/", page.show, name="page"),
    path("issues/<str:number>/submitted/", new.submitted, name="submitted"),
    path("issues/<str:number>/identify/", triage.identify, name="identify"),
    path("issues/<str:number>/contact/", page.contact, name="contact"),
    path("issues/<str:number>/files/", page.upload, name="upload"),
    path("issues/<str:number>/clocks/<int:pk>/", page.certificate, name="certificate"),
    path("issues/<str:number>/<slug:action>/", act.act, name="act"),
]
