"""Addresses of the listen pages."""

from django.urls import path

from quivive.web.listen import (
    call_views,
    export_views,
    import_views,
    search_views,
    source_views,
    topic_views,
    version_views,
    witness_views,
)

app_name = "listen"
urlpatterns = [
    path("topics/", topic_views.topics, name="topics"),
    path("topics/new/", topic_views.new, name="topic-new"),
    path("topics/preview/", topic_views.preview, name="topic-preview"),
    path("topics/sample/", topic_views.sample, name="topic-sample"),
    path("topics/<slug:slug>/edit/", topic_views.edit, name="topic-edit"),
    path("topics/<slug:slug>/archive/", topic_views.archive, name="topic-archive"),
    path("topics/<slug:slug>/restore/", topic_views.restore, name="topic-restore"),
    path("topics/<slug:slug>/versions/", version_views.versions, name="topic-versions"),
    path(
        "topics/<slug:slug>/versions/<int:number>/restore/",
        version_views.bring_back,
        name="topic-version",
    ),
    path("topics/<slug:slug>/posts.<str:kind>", export_views.posts, name="export"),
    path("search/", search_views.search, name="search"),
    path("search/posts.<str:form>", search_views.export, name="search-export"),
    path("search/label/", search_views.label, name="search-label"),
    path("search/unlabel/", search_views.unlabel, name="search-unlabel"),
    path("search/hide/", search_views.hide, name="search-hide"),
    path("search/show/", search_views.show, name="search-show"),
    path("search/undo/<int:deed_id>/", search_views.undo, name="search-undo"),
    path("search/views/", search_views.save_view, name="view-save"),
    path("search/views/<int:view_id>/forget/", search_views.forget_view, name="view-forget"),
    path("sources/", source_views.sources, name="sources"),
    path("sources/new/<slug:kind>/", source_views.new, name="source-new"),
    path("sources/<int:source_id>/", source_views.edit, name="source-edit"),
    path("sources/<slug:kind>/try/", source_views.trial, name="source-try"),
    path("sources/<int:source_id>/pause/", source_views.pause, name="source-pause"),
    path("sources/<int:source_id>/resume/", source_views.resume, name="source-resume"),
    path("sources/<int:source_id>/remove/", source_views.remove, name="source-remove"),
    path("calls/<int:source_id>/", call_views.take, name="call"),
    path("saw/", witness_views.saw, name="saw"),
    path("saw/<str:digest>.picture", witness_views.screenshot, name="screenshot"),
    path("imports/", import_views.imports, name="imports"),
    path("imports/<int:import_id>/", import_views.one_import, name="import"),
    path("imports/<int:import_id>/preview/", import_views.preview, name="import-preview"),
    path("imports/<int:import_id>/stop/", import_views.stop, name="import-stop"),
    path("imports/<int:import_id>/quarantine/", import_views.quarantine_file, name="quarantine"),
    path("quarantine/<int:line_id>/correct/", import_views.correct, name="quarantine-correct"),
    path("quarantine/<int:line_id>/discard/", import_views.discard, name="quarantine-discard"),
]
