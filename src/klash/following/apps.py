from django.apps import AppConfig


class FollowingConfig(AppConfig):
    name = "klash.following"
    label = "following"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.following.receivers  # noqa: F401  (models are ready only now)
