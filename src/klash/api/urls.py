from django.urls import path

from klash.api import views

app_name = "api"
urlpatterns = [
    path("c/<slug:competition>/data/", views.data, name="data"),
    path("c/<slug:competition>/data/<slug:dataset>.json", views.as_json, name="json"),
    path("c/<slug:competition>/data/<slug:dataset>.csv", views.as_csv, name="csv"),
]
