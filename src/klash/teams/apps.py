from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "klash.teams"
    label = "teams"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.teams.receivers
        import klash.teams.set_up  # noqa: F401  (models are ready only now)
