from typing import Any

app_name = "awards"
urlpatterns: list[Any] = []
