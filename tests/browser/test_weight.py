"""What a first visit costs, and whom it tells."""

from urllib.parse import urlsplit

SHIFTS = """() => new Promise(tell => new PerformanceObserver(list => tell(list.getEntries().reduce((sum, one) => sum + one.value, 0)))
    .observe({type: 'layout-shift', buffered: true}) || setTimeout(() => tell(0), 500))"""
LIMIT = 100_000  # bytes of styles, fonts and scripts, compressed


def test_a_first_visit_is_light(serve, enter):
    page = enter(serve("end"))
    weights: dict[str, int] = {}
    page.on("requestfinished", lambda request: weights.update({urlsplit(request.url).path: request.sizes()["responseBodySize"]}))
    page.goto("/", wait_until="networkidle")
    own = {path: size for path, size in weights.items() if path.startswith("/static/")}
    assert {path.rpartition(".")[2] for path in own} >= {"css", "js", "woff2"}
    assert sum(own.values()) <= LIMIT, own
    assert page.evaluate(SHIFTS) < 0.01
