from typing import Any

app_name = "teams"
urlpatterns: list[Any] = []
