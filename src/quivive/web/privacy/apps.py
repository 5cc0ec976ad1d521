"""Django's name for this app."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Label ``privacy``."""

    name = "quivive.web.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"
