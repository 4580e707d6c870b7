"""Addresses of the site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("espace/", include("conventions.urls.portal")),
    path("", include("conventions.urls.public")),
]
