"""Addresses of the assess pages."""

from django.urls import path

from quivive.web.assess import rubric_views, views

app_name = "assess"
urlpatterns = [
    path("forecasts/", views.forecasts, name="forecasts"),
    path("rubric/", rubric_views.rubric, name="rubric"),
]
