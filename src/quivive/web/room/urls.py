"""Addresses of the room pages."""

from django.urls import URLPattern, path

from quivive.web.room import views

app_name = "room"
urlpatterns: list[URLPattern] = [
    path("", views.lookout, name="lookout"),
    path("watched/", views.watched, name="watched"),
    path("signals/", views.signals, name="signals"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
    path("topics/<slug:slug>/claims/", views.claims, name="claims"),
    path("live/", views.live, name="live"),
    path("live/ringing/", views.ringing, name="ringing"),
    path("language/", views.language, name="language"),
    path("design/", views.design, name="design"),
]
