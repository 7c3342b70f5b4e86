from tests.portal.conftest import made  # noqa: F401  (a fixture)
