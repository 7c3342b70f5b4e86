import pytest


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Serve static files without the manifest that only collectstatic makes, for fixtures that live longer than a test."""
    from django.conf import settings
    from django.test import override_settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(STORAGES=plain):
        yield
