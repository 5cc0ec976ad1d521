"""Addresses of the detect pages."""

from django.urls import path

from quivive.web.detect import claim_views, export_views, rule_views, views

app_name = "detect"
urlpatterns = [
    path("alert/<int:alert_id>/", views.alert, name="alert"),
    path("alert/<int:alert_id>/acknowledge/", views.acknowledge, name="acknowledge"),
    path("alert/<int:alert_id>/snooze/", views.snooze, name="snooze"),
    path("alert/<int:alert_id>/false-alarm/", views.false_alarm, name="false-alarm"),
    path("rules/", rule_views.rules, name="rules"),
    path("topics/<slug:slug>/past/", rule_views.past, name="past"),
    path("claims/<slug:slug>/export/<str:form>", claim_views.export, name="claims-export"),
    path("claim/<int:claim_id>/", claim_views.claim, name="claim"),
    path("claim/<int:claim_id>/check/", claim_views.check, name="claim-check"),
    path("claim/<int:claim_id>/rename/", claim_views.rename, name="claim-rename"),
    path("claim/<int:claim_id>/merge/", claim_views.merge, name="claim-merge"),
    path("claim/<int:claim_id>/unmerge/", claim_views.unmerge, name="claim-unmerge"),
    path("claim/<int:claim_id>/split/", claim_views.split, name="claim-split"),
    path("claim/<int:claim_id>/unsplit/", claim_views.unsplit, name="claim-unsplit"),
    path("claim/<int:claim_id>/put/", claim_views.put, name="claim-put"),
    path("claim/<int:claim_id>/put-back/", claim_views.put_back, name="claim-put-back"),
    path("claim/<int:claim_id>/misread/", claim_views.misread, name="claim-misread"),
    path("export/<str:table>.<str:form>", export_views.signals, name="signals-export"),
]
