from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from projects import handover, pages, policy, readers, unitclose

        policy.register()
        readers.register()
        handover.register()
        unitclose.register()
        pages.register()
