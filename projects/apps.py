from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"

    def ready(self) -> None:
        from projects import handover, pages, policy, readers

        policy.register()
        readers.register()
        handover.register()
        pages.register()
