from django.apps import AppConfig


class AwardsConfig(AppConfig):
    name = "klash.awards"
    label = "awards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.awards.receivers  # noqa: F401  (models are ready only now)
