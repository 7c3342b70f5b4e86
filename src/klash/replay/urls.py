from typing import Any

app_name = "replay"
urlpatterns: list[Any] = []
