"""Addresses of the inbox."""

from django.urls import path

from quivive.web.respond import rule_views, views

app_name = "respond"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("settings/", views.promises, name="settings"),
    path("cases/", views.bulk, name="bulk"),
    path("cases/open/", views.open_cases, name="open"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("cases/<int:case_id>/note/", views.note, name="note"),
    path("cases/<int:case_id>/answered/", views.answered, name="answered"),
    path("cases/<int:case_id>/lock/", views.lock, name="lock"),
    path("cases/<int:case_id>/unlock/", views.unlock, name="unlock"),
    path("cases/<int:case_id>/unmerge/", views.unmerge, name="unmerge"),
    path("cases/<int:case_id>/here/", views.here, name="here"),
    path("rules/", rule_views.rules, name="rules"),
    path("rules/new/", rule_views.new, name="rule-new"),
    path("rules/make/", rule_views.save, name="rule-make"),
    path("rules/<int:rule_id>/", rule_views.rule, name="rule"),
    path("rules/<int:rule_id>/save/", rule_views.save, name="rule-save"),
    path("rules/<int:rule_id>/change/", rule_views.change, name="rule-change"),
    path("undo/<int:deed_id>/", views.undo, name="undo"),
]
