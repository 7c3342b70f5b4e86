from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "klash.api"
    label = "api"
