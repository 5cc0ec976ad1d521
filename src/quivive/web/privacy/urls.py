"""Addresses of the privacy pages."""

from django.urls import path

from quivive.web.privacy import duty_views, paper_views, views

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
    path("register/", paper_views.register, name="register"),
    path("impact/", paper_views.impact, name="impact"),
    path("impact.md", paper_views.impact_file, name="impact-file"),
    path("information/", paper_views.information, name="information"),
    path("information.md", paper_views.information_file, name="information-file"),
    path("information/publish/", paper_views.publish, name="publish"),
    path("agreement/", paper_views.agreement, name="agreement"),
    path("agreement.md", paper_views.agreement_file, name="agreement-file"),
    path("requests/", duty_views.requests, name="requests"),
    path("requests/note/", duty_views.note_request, name="note-request"),
    path("requests/<int:request_id>/prolong/", duty_views.prolong_request, name="prolong-request"),
    path("requests/<int:request_id>/answer/", duty_views.answer_request, name="answer-request"),
    path("inform/", duty_views.inform, name="inform"),
    path("inform/<int:member_id>/", paper_views.notice, name="notice"),
    path("inform/<int:member_id>/told/", duty_views.note_told, name="note-told"),
    path("inform/<int:member_id>/exempt/", duty_views.exempt, name="exempt"),
    path("processors/", duty_views.processors, name="processors"),
    path("processors/save/", duty_views.save_processor, name="save-processor"),
    path(
        "processors/<int:processor_id>/remove/",
        duty_views.remove_processor,
        name="remove-processor",
    ),
]
