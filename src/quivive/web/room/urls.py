"""Addresses of the room pages."""

from django.urls import URLPattern

app_name = "room"
urlpatterns: list[URLPattern] = []
