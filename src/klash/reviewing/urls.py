from typing import Any

app_name = "reviewing"
urlpatterns: list[Any] = []
