from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "klash.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from klash.files import checks  # noqa: F401  (registers the system checks)
