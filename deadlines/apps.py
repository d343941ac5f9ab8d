from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeadlinesConfig(AppConfig):
    name = "deadlines"

    def ready(self) -> None:
        from deadlines import defaults, messages, pages, policy

        messages.register()
        policy.register()
        pages.register()
        # After every migrate, and after a test's flush: without a calendar and its rules no clock can start.
        post_migrate.connect(defaults.ensure_defaults, sender=self)
