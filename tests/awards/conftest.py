from tests.proposals.conftest import contest, home  # noqa: F401
