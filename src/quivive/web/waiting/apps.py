"""Django's name for this app."""

from django.apps import AppConfig


class WaitingConfig(AppConfig):
    """Label ``waiting``."""

    name = "quivive.web.waiting"
    label = "waiting"
    default_auto_field = "django.db.models.BigAutoField"
