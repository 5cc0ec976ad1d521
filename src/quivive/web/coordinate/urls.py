"""Addresses of the coordinate pages."""

from django.urls import URLPattern

app_name = "coordinate"
urlpatterns: list[URLPattern] = []
