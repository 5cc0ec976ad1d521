"""Django's name for this app."""

from django.apps import AppConfig


class ListenConfig(AppConfig):
    """Label ``listen``."""

    name = "quivive.web.listen"
    label = "listen"
    default_auto_field = "django.db.models.BigAutoField"
