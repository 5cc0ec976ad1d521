"""Django's name for this app."""

from django.apps import AppConfig


class AssessConfig(AppConfig):
    """Label ``assess``."""

    name = "quivive.web.assess"
    label = "assess"
    default_auto_field = "django.db.models.BigAutoField"
