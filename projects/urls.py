from django.urls import path

from projects.views import enterprises, imports, invitations, lines, projects

app_name = "projects"
urlpatterns = [
    # "-" is no code of a project.
    path("projects/-/import/", imports.check_import, name="check_import"),
    path("projects/-/import/template/", imports.import_template, name="import_template"),
    path("projects/-/import/<int:pk>/", imports.import_page, name="import_page"),
    path("projects/-/import/<int:pk>/mistakes/", imports.import_mistakes, name="import_mistakes"),
    path("projects/-/import/<int:pk>/apply/", imports.apply_import, name="apply_import"),
    path("projects/-/import/<int:pk>/undo/", imports.undo_import, name="undo_import"),
    path("projects/", projects.projects, name="projects"),
    path("projects/<str:code>/", projects.project, name="project"),
    path("lines/", lines.lines, name="lines"),
    path("lines/new/", lines.create_line, name="create_line"),
    path("lines/<int:pk>/change/", lines.change_line, name="change_line"),
    path("lines/<int:pk>/close/", lines.close_line, name="close_line"),
    path("enterprises/", enterprises.enterprises, name="enterprises"),
    path("enterprises/new/", enterprises.create_enterprise, name="create_enterprise"),
    path("enterprises/<int:pk>/", enterprises.enterprise, name="enterprise"),
    path("enterprises/<int:pk>/change/", enterprises.change_enterprise, name="change_enterprise"),
    path("enterprises/<int:pk>/merge/", enterprises.merge_enterprise, name="merge_enterprise"),
    path("enterprises/<int:pk>/invite/", invitations.invite_enterprise, name="invite_enterprise"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/confirm/", invitations.confirm_invitation, name="confirm_invitation"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw_invitation, name="withdraw_invitation"),
]
