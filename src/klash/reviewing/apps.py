from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from klash.core import navigation


class ReviewingConfig(AppConfig):
    name = "klash.reviewing"
    label = "reviewing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("klash.reviewing.bridge")  # its tally needs the models, which are ready only now
        import_module("klash.reviewing.receivers")
        if settings.KLASH_FACE == "jury":
            navigation.register(navigation.Link(_("My reviews"), "reviewing:rounds", 1, lambda request: request.user.is_authenticated))
