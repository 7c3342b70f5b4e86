from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from klash.core import navigation


class PortalConfig(AppConfig):
    name = "klash.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from klash.portal import receivers  # noqa: F401  (tells what invitations offer)
        from klash.portal.selectors.tasks import staffed  # models are ready only now

        for order, (label, name) in enumerate([
            (_("Competition"), "portal:front"), (_("Problems"), "portal:problems"), (_("Challenges"), "portal:challenges"),
            (_("Results"), "portal:results"), (_("How it proceeds"), "portal:calendar"),
        ]):
            navigation.register(navigation.Link(label, name, order))
        navigation.register(navigation.Link(_("My tasks"), "portal:tasks", 10, lambda request: request.user.is_authenticated))
        navigation.register(navigation.Link(
            _("Desk"), "portal:desk", 11, lambda request: request.user.is_authenticated and staffed(request.user)
        ))
