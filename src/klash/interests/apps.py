from django.apps import AppConfig


class InterestsConfig(AppConfig):
    name = "klash.interests"
    label = "interests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.interests.receivers  # noqa: F401  (models are ready only now)
