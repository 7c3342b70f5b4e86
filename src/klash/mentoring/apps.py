from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "klash.mentoring"
    label = "mentoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from klash.accounts.selectors import describe_offers
        from klash.mentoring import receivers  # noqa: F401  (listens to accepted invitations)
        from klash.mentoring.selectors import describe_mentor

        describe_offers(describe_mentor)
