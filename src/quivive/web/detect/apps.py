"""Django's name for this app."""

from django.apps import AppConfig


class DetectConfig(AppConfig):
    """Label ``detect``."""

    name = "quivive.web.detect"
    label = "detect"
    default_auto_field = "django.db.models.BigAutoField"
