"""Addresses of the privacy pages."""

from django.urls import path

from quivive.web.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("keep/", views.keep, name="keep"),
    path("purge/", views.purge, name="purge"),
    path("holds/", views.hold, name="hold"),
    path("holds/<int:hold_id>/end/", views.end_hold, name="end-hold"),
    path("person/", views.person, name="person"),
    path("person/<int:account_id>/", views.account, name="account"),
    path("person/<int:account_id>/everything.ndjson", views.everything, name="everything"),
    path("person/<int:account_id>/erase/", views.erase, name="erase"),
    path("object/", views.objection, name="object"),
    path("register/", views.register, name="register"),
    path("impact/", views.impact, name="impact"),
    path("impact.md", views.impact_file, name="impact-file"),
    path("information/", views.information, name="information"),
]
