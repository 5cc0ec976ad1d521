"""Every address of the room."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("quivive.web.people.account_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", include("quivive.web.api.urls")),
    path("", include("quivive.web.people.urls")),
    path("listen/", include("quivive.web.listen.urls")),
    path("detect/", include("quivive.web.detect.urls")),
    path("assess/", include("quivive.web.assess.urls")),
    path("coordinate/", include("quivive.web.coordinate.urls")),
    path("respond/", include("quivive.web.respond.urls")),
    path("privacy/", include("quivive.web.privacy.urls")),
    path("", include("quivive.web.room.urls")),
]

handler400 = "quivive.web.room.views.refused"
handler500 = "quivive.web.room.views.broken"
