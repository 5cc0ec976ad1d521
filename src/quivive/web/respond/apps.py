"""Django's name for this app."""

from django.apps import AppConfig


class RespondConfig(AppConfig):
    """Label ``respond``."""

    name = "quivive.web.respond"
    label = "respond"
    default_auto_field = "django.db.models.BigAutoField"
