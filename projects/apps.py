from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from common import bootstrap as parts
        from projects import bootstrap, files, handover, messages, pages, policy, readers, unitclose, work

        policy.register()
        readers.register()
        handover.register()
        unitclose.register()
        pages.register()
        messages.register()
        files.register()
        work.register()
        parts.register("plan templates", bootstrap.plan_templates)
