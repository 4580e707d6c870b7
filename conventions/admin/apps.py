"""The admin of OPT-NC's staff replaces Django's stock site."""

from importlib import import_module

from django.contrib.admin.apps import SimpleAdminConfig


class PartnersAdminConfig(SimpleAdminConfig):
    """Registers our own pages and nothing else: no other application adds its tables to the admin."""

    default_site = "conventions.admin.site.PartnersAdminSite"
    default = True

    def ready(self) -> None:
        super().ready()
        import_module("conventions.admin.registry")
