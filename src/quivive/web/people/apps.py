"""Django's name for this app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Label ``people``."""

    name = "quivive.web.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
