"""Addresses of the coordinate pages."""

from django.urls import path

from quivive.web.coordinate import alerting_views as alerting
from quivive.web.coordinate import export_views, views

app_name = "coordinate"
urlpatterns = [
    path("posts/add/", views.add_posts, name="add-posts"),
    path("", views.crises, name="crises"),
    path("open/", views.open_by_hand, name="open"),
    path("alert/<int:alert_id>/open/", views.open_from_alert, name="open-from-alert"),
    path("<int:crisis_id>/", views.crisis, name="crisis"),
    path("<int:crisis_id>/report/", views.report, name="report"),
    path("<int:crisis_id>/report.txt", views.report_text, name="report-text"),
    path("<int:crisis_id>/<str:table>.<str:form>", export_views.export, name="crisis-export"),
    path("<int:crisis_id>/state/", views.change_state, name="state"),
    path("<int:crisis_id>/join/<int:alert_id>/", views.join_alert, name="join"),
    path("<int:crisis_id>/lead/", views.assign_lead, name="lead"),
    path("<int:crisis_id>/speaker/", views.assign_speaker, name="speaker"),
    path("<int:crisis_id>/task/", views.add_task, name="task"),
    path("<int:crisis_id>/enquiry/", views.add_enquiry, name="enquiry"),
    path("enquiry/<int:enquiry_id>/answer/", views.answer_enquiry, name="enquiry-answer"),
    path("<int:crisis_id>/note/", views.write_note, name="note"),
    path("<int:crisis_id>/decision/", views.record_decision, name="decision"),
    path("<int:crisis_id>/milestone/", views.reach_milestone, name="milestone"),
    path("<int:crisis_id>/inputs/", views.set_inputs, name="inputs"),
    path("<int:crisis_id>/level/", views.override_level, name="override"),
    path("<int:crisis_id>/level/end/", views.end_override, name="override-end"),
    path("task/<int:task_id>/owner/", views.own_task, name="task-owner"),
    path("task/<int:task_id>/done/", views.finish_task, name="task-done"),
    path("task/<int:task_id>/reopen/", views.reopen_task, name="task-reopen"),
    path("contacts/", alerting.contacts, name="contacts"),
    path("contacts/add/", alerting.add_contact, name="contact-add"),
    path("contacts/<int:contact_id>/", alerting.change_contact, name="contact-change"),
    path("contacts/<int:contact_id>/remove/", alerting.remove_contact, name="contact-remove"),
    path("contacts/<int:contact_id>/test/", alerting.try_contact, name="contact-test"),
    path("escalation/", alerting.escalation, name="escalation"),
    path("escalation/set/", alerting.set_escalation, name="escalation-set"),
]
