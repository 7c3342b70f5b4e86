from tests.staged import staged  # noqa: F401
