from typing import Any

app_name = "proposals"
urlpatterns: list[Any] = []
