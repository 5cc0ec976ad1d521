"""Addresses of the assess pages."""

from django.urls import path

from quivive.web.assess import views

app_name = "assess"
urlpatterns = [path("forecasts/", views.forecasts, name="forecasts")]
