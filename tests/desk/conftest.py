from tests.portal.conftest import made  # noqa: F401  (a fixture)
from tests.staged import staged  # noqa: F401  (a fixture)
