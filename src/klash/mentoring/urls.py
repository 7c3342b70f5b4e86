from typing import Any

app_name = "mentoring"
urlpatterns: list[Any] = []
