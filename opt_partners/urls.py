"""Addresses of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/travaux/", include("conventions.urls.jobs")),  # before the admin, which answers all the rest
    path("admin/", admin.site.urls),
    path("espace/", include("conventions.urls.portal")),
    path("signer/", include("conventions.urls.signing")),
    path("", include("conventions.urls.public")),
]
handler400 = "conventions.views.errors.bad_request"
handler500 = "conventions.views.damage.server_error"
if settings.DEMO:
    urlpatterns.insert(0, path("demo/", include("conventions.demonstration.urls")))
