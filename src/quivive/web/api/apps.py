"""Django's name for this app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Label ``api``."""

    name = "quivive.web.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
