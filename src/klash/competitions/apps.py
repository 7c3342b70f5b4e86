from django.apps import AppConfig


class CompetitionsConfig(AppConfig):
    name = "klash.competitions"
    label = "competitions"
    default_auto_field = "django.db.models.BigAutoField"
