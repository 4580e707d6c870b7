"""The one application."""

from django.apps import AppConfig
from django.core.checks import register
from django.core.signals import request_started
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ConventionsConfig(AppConfig):
    name = "conventions"
    verbose_name = _("Conventions de partenariat")

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

        from conventions.domain.documents import sealing  # late: the models load first
        from conventions.domain.foundation import connections, triggers  # late: the models load first
        from conventions.models import search  # late: the models load first
        from conventions.views import passwords, sessions  # late: the models load first

        register_workers()
        connection_created.connect(connections.note_file, dispatch_uid="opened_file")
        request_started.connect(connections.close_replaced, dispatch_uid="opened_file")
        pre_migrate.connect(triggers.step_aside_for_migrate, sender=self, dispatch_uid="immutability_aside")
        post_migrate.connect(triggers.install_after_migrate, sender=self, dispatch_uid="immutability")
        post_migrate.connect(search.cover_searches, sender=self, dispatch_uid="searches")
        register(sealing.check_settings)
        register(sealing.check_time_stamps, deploy=True)
        user_logged_in.connect(sessions.signed_in, dispatch_uid="sessions")
        user_logged_out.connect(sessions.signed_out, dispatch_uid="sessions")
        user_login_failed.connect(passwords.missed, dispatch_uid="passwords")


def register_workers() -> None:
    """Load what the worker calls by name: functions register as they are imported."""
    from conventions.domain.acts import batch  # late: workers register as they load  # noqa: F401
    from conventions.domain.acts.scans import receiving  # late: workers register as they load  # noqa: F401
    from conventions.domain.acts.signing import sealing  # late: workers register as they load  # noqa: F401
    from conventions.domain.mails import daily_reminders, delivery  # late: workers register as they load  # noqa: F401
