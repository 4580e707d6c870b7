"""The admin of OPT-NC's staff replaces Django's stock site."""

from django.contrib.admin.apps import AdminConfig


class PartnersAdminConfig(AdminConfig):
    default_site = "conventions.admin.site.PartnersAdminSite"
