"""Addresses of the detect pages."""

from django.urls import path

from quivive.web.detect import export_views, rule_views, views

app_name = "detect"
urlpatterns = [
    path("alert/<int:alert_id>/", views.alert, name="alert"),
    path("alert/<int:alert_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("alert/<int:alert_id>/snooze/", views.snooze, name="snooze"),
    path("alert/<int:alert_id>/false-alarm/", views.false_alarm, name="false-alarm"),
    path("rules/", rule_views.rules, name="rules"),
    path("topics/<slug:slug>/past/", rule_views.past, name="past"),
    path("export/<str:table>.<str:form>", export_views.signals, name="signals-export"),
]
