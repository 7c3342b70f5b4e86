from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "klash.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"
