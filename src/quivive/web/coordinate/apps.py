"""Django's name for this app."""

from django.apps import AppConfig


class CoordinateConfig(AppConfig):
    """Label ``coordinate``."""

    name = "quivive.web.coordinate"
    label = "coordinate"
    default_auto_field = "django.db.models.BigAutoField"
