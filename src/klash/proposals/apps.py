from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    name = "klash.proposals"
    label = "proposals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.proposals.receivers  # noqa: F401  (models are ready only now)
