"""Addresses of the site as the demonstration has them, whatever the settings when the site was loaded."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("demo/", include("conventions.demonstration.urls")),
    path("admin/travaux/", include("conventions.urls.jobs")),
    path("admin/", admin.site.urls),
    path("espace/", include("conventions.urls.portal")),
    path("", include("conventions.urls.public")),
]
