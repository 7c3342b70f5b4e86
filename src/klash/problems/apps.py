from django.apps import AppConfig


class ProblemsConfig(AppConfig):
    name = "klash.problems"
    label = "problems"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.problems.receivers
        import klash.problems.set_up  # noqa: F401  (models are ready only now)
