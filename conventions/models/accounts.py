"""What keeps accounts safe: the second factor of staff, its recovery codes, everyone's sessions, counts of tries."""

import datetime
from typing import Self

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import TryKind
from conventions.models.codes import OneTimeCode


class SecondFactor(models.Model):
    """An authenticator application of a member of staff; its secret is encrypted like bank details.

    Written and verified only through `conventions.domain.people.security`. `last_step` is the last 30-second step used:
    a code never works twice.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.PROTECT,
        related_name="second_factor",
    )
    secret_encrypted = models.TextField(editable=False)
    created_at = models.DateTimeField(_("préparé le"), default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("activé le"), null=True, blank=True)
    last_step = models.BigIntegerField(default=-1, editable=False)
    failures = models.PositiveIntegerField(_("essais manqués"), default=0)
    locked_until = models.DateTimeField(_("bloqué jusqu’à"), null=True, blank=True)

    class Meta:
        verbose_name = _("second facteur")
        verbose_name_plural = _("seconds facteurs")
        ordering = ["user"]

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCodeQuerySet(models.QuerySet):
    def usable(self) -> Self:
        return self.filter(used_at__isnull=True)


class RecoveryCode(models.Model):
    """One of ten codes for the day the telephone is lost; shown once, kept only as a keyed hash, used once."""

    factor = models.ForeignKey(
        SecondFactor,
        verbose_name=_("second facteur"),
        on_delete=models.CASCADE,
        related_name="recovery_codes",
    )
    code_hash = models.CharField(_("empreinte du code"), max_length=64)
    used_at = models.DateTimeField(_("utilisé le"), null=True, blank=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code de secours")
        verbose_name_plural = _("codes de secours")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["factor", "code_hash"],
                name="recovery_code_once",
                violation_error_message=_("Ce code de secours existe déjà. Demandez de nouveaux codes."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.factor} ({self.pk})"


class UserSessionQuerySet(models.QuerySet):
    def open(self, *, at: datetime.datetime | None = None) -> Self:
        """Sessions that still open a page: neither closed nor past their age."""
        return self.filter(ended_at__isnull=True, session__expire_date__gt=at or timezone.now())


class UserSession(models.Model):
    """A sign-in: where from in words, when last seen. Closing it deletes the session it points at."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.PROTECT,
        related_name="sessions",
    )
    session = models.OneToOneField(
        Session,
        verbose_name=_("session"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    device = models.CharField(_("appareil"), max_length=80)
    device_key = models.CharField(
        _("empreinte de l’appareil"),
        max_length=64,
        help_text=_("Empreinte du témoin posé dans le navigateur : un nouvel appareil est signalé."),
    )
    created_at = models.DateTimeField(_("ouverte le"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("vue le"), default=timezone.now)
    ended_at = models.DateTimeField(_("fermée le"), null=True, blank=True)

    objects = UserSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connexion")
        verbose_name_plural = _("connexions")
        ordering = ["-last_seen_at", "-pk"]
        indexes = [models.Index(fields=["user", "device_key"], name="user_session_by_device")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(session__isnull=True),
                name="user_session_ended_opens_nothing",
                violation_error_message=_("Une connexion fermée n’ouvre plus rien."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.device} ({self.created_at:%d/%m/%Y})"


class ProofCode(OneTimeCode):
    """A code sent to who already signed in, before what changes who one is; it opens the session that asked for it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.CASCADE,
        related_name="proof_codes",
    )
    connection = models.ForeignKey(
        UserSession, verbose_name=_("connexion"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("code de confirmation")
        verbose_name_plural = _("codes de confirmation")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.user} ({self.created_at:%d/%m/%Y})"


class NetworkTries(models.Model):
    """How often one network tried something since its window opened; written by `foundation.throttling`."""

    kind = models.CharField(_("essai"), max_length=20, choices=TryKind)
    network_key = models.CharField(
        _("réseau"),
        max_length=64,
        help_text=_("Empreinte à clé de l’adresse IP ; l’adresse n’est pas gardée."),
    )
    count = models.PositiveIntegerField(_("nombre"), default=1)
    ends_at = models.DateTimeField(_("oublié le"), db_index=True)

    class Meta:
        verbose_name = _("essais d’un réseau")
        verbose_name_plural = _("essais des réseaux")
        ordering = ["ends_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "network_key"],
                name="network_tries_once",
                violation_error_message=_("Les essais de ce réseau sont déjà comptés."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.count}"
