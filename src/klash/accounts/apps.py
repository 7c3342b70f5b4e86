from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "klash.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.accounts.receivers  # noqa: F401  (models are ready only now)
