from django.urls import path

from projects.api import master, parts, projects

urlpatterns = [
    path("enterprises/", master.Enterprises.as_view(), name="enterprises"),
    path("enterprises/<str:uscc>/", master.OneEnterprise.as_view(), name="enterprise"),
    path("lines/", master.Lines.as_view(), name="lines"),
    path("lines/<int:pk>/", master.OneLine.as_view(), name="line"),
    path("chains/", master.Chains.as_view(), name="chains"),
    path("chains/<int:pk>/", master.OneChain.as_view(), name="chain"),
    path("projects/", projects.Projects.as_view(), name="projects"),
    path("projects/<str:code>/", projects.OneProject.as_view(), name="project"),
    path("projects/<str:code>/stage/", projects.ProjectStage.as_view(), name="project_stage"),
    path("projects/<str:code>/managers/", parts.Managers.as_view(), name="project_managers"),
    path("projects/<str:code>/team/", parts.Team.as_view(), name="project_team"),
    path("projects/<str:code>/plan/", parts.Plan.as_view(), name="project_plan"),
    path("projects/<str:code>/investment/", parts.Investment.as_view(), name="project_investment"),
    path("projects/<str:code>/log/", parts.Log.as_view(), name="project_log"),
    path("projects/<str:code>/promises/", parts.Promises.as_view(), name="project_promises"),
]
