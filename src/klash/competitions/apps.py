from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from klash.core import navigation


class CompetitionsConfig(AppConfig):
    name = "klash.competitions"
    label = "competitions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.competitions.receivers  # noqa: F401  (models are ready only now)

        navigation.register(navigation.Link(_("Found a competition"), "competitions:found", 12, lambda request: getattr(request.user, "is_operator", False)))
