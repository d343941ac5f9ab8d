from django.urls import path

from projects.views import approvals, care, enterprises, imports, invitations, lines, money, plan, projects, wall

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
    path("wall/", wall.wall, name="wall"),
    path("wall/sheet/", wall.wall_sheet, name="wall_sheet"),
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
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/friday/", approvals.friday, name="friday"),
    path("investment/", money.investment, name="investment"),
    path("investment/enter/", money.enter_months, name="enter_months"),
    path("investment/answer/", money.answer_months, name="answer_months"),
    path("projects/<str:code>/plan/", plan.plan, name="plan"),
    path("projects/<str:code>/plan/new/", plan.add_item, name="add_item"),
    path("projects/<str:code>/plan/template/", plan.plan_from_template, name="plan_from_template"),
    *(
        path(f"projects/<str:code>/plan/<int:pk>/{verb.replace('_', '-')}/", plan.act, {"verb": verb}, name=verb)
        for verb in plan.ACTS
    ),
    path("projects/<str:code>/investment/", money.money, name="money"),
    path("projects/<str:code>/investment/plan/", money.plan_year, name="plan_year"),
    path("projects/<str:code>/promises/", care.promises, name="promises"),
    path("projects/<str:code>/promises/new/", care.add_promise, name="add_promise"),
    path("projects/<str:code>/promises/<int:pk>/check/", care.check_promise, name="check_promise"),
    path("projects/<str:code>/promises/<int:pk>/raise/", care.raise_promise, name="raise_promise"),
    path("projects/<str:code>/log/", care.log, name="log"),
    path("projects/<str:code>/log/new/", care.log_contact, name="log_contact"),
]
