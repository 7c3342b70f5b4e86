from django.apps import AppConfig


class ChallengesConfig(AppConfig):
    name = "klash.challenges"
    label = "challenges"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import klash.challenges.receivers  # noqa: F401  (models are ready only now)
        from klash.challenges.selectors import tell_challenge
        from klash.problems.selectors import tell_outcomes

        tell_outcomes(tell_challenge)
