"""Addresses of the people pages."""

from django.urls import path

from quivive.web.people import first_visit, panel_views, place_views, views

app_name = "people"
urlpatterns = [
    path("setup/", first_visit.setup, name="setup"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/link/", views.make_link, name="make-link"),
    path(
        "people/<int:person_id>/second-factors/drop/",
        views.drop_second_factors,
        name="drop-second-factors",
    ),
    path("people/<int:person_id>/roles/", views.give_role, name="give-role"),
    path("people/<int:person_id>/roles/<slug:role>/take/", views.take_role, name="take-role"),
    path("people/<int:person_id>/close/", views.close_account, name="close-account"),
    path("people/<int:person_id>/reopen/", views.reopen_account, name="reopen-account"),
    path("people/me/", views.profile, name="profile"),
    path("people/me/tokens/", views.tokens, name="tokens"),
    path("people/me/tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke-token"),
    path("people/organisation/", views.organisation, name="settings"),
    path("people/organisation/accounts/", views.add_own_account, name="add-own-account"),
    path(
        "people/organisation/accounts/<int:account_id>/remove/",
        views.remove_own_account,
        name="remove-own-account",
    ),
    path("places/", place_views.places, name="places"),
    path("places/new/", place_views.new, name="places-new"),
    path("places/bring/", place_views.bring, name="places-bring"),
    path("places/places.<slug:form>", place_views.export, name="places-export"),
    path("places/undo/<int:change_id>/", place_views.undo, name="places-undo"),
    path("places/<int:place_id>/", place_views.place, name="place"),
    path("places/<int:place_id>/change/", place_views.change, name="place-change"),
    path("places/<int:place_id>/remove/", place_views.remove, name="place-remove"),
    path("places/tables/<int:table_id>/", place_views.table, name="place-table"),
    path("places/tables/<int:table_id>/map/", place_views.map_table, name="place-table-map"),
    path("places/tables/<int:table_id>/take/", place_views.take, name="place-table-take"),
    path("places/tables/<int:table_id>/drop/", place_views.drop, name="place-table-drop"),
    path(
        "places/tables/<int:table_id>/refused.csv",
        place_views.refused_csv,
        name="place-table-refused",
    ),
    path("panels/", panel_views.panels, name="panels"),
    path("panels/register.<slug:form>", panel_views.export_register, name="register-export"),
    path("panels/new/", panel_views.new, name="panel-new"),
    path("panels/<int:panel_id>/", panel_views.panel, name="panel"),
    path("panels/<int:panel_id>/change/", panel_views.change, name="panel-change"),
    path("panels/<int:panel_id>/remove/", panel_views.remove, name="panel-remove"),
    path("panels/<int:panel_id>/members/", panel_views.add_member, name="panel-member"),
    path(
        "panels/<int:panel_id>/members/<int:member_id>/remove/",
        panel_views.remove_member,
        name="panel-member-remove",
    ),
    path("panels/<int:panel_id>/bring/", panel_views.bring, name="panel-bring"),
    path("panels/<int:panel_id>/members.<slug:form>", panel_views.export, name="panel-export"),
    path("people/audit/", views.audit_log, name="audit"),
    path("people/audit.<slug:form>", views.audit_file, name="audit-file"),
]
