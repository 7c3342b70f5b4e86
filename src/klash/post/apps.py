from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "klash.post"
    label = "post"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from klash.post import receivers  # noqa: F401  (connects the receivers)
