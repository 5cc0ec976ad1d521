"""Django's name for this app."""

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """Label ``room``."""

    name = "quivive.web.room"
    label = "room"
    default_auto_field = "django.db.models.BigAutoField"
