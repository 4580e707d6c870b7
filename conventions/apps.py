"""The one application."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ConventionsConfig(AppConfig):
    name = "conventions"
    verbose_name = _("Conventions de partenariat")

    def ready(self):
        from conventions.domain import immutability

        post_migrate.connect(immutability.install_after_migrate, sender=self, dispatch_uid="immutability")
