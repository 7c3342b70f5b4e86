"""What people wrote, to the detector of languages."""

from klash.algo.language import language_of_text


def language_of(text: str, otherwise: str) -> str:
    """Return the language in which a text is written, as pages and documents tag it (WCAG 3.1.2); `otherwise` where its words do not tell."""
    return language_of_text(text, otherwise)
