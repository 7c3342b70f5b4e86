from django.apps import AppConfig


class OperatingConfig(AppConfig):
    name = "klash.operating"
    label = "operating"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from klash.operating import checks  # noqa: F401  (registers the system check)
