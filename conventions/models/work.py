"""Work done outside the request: jobs with their progress, mails to send. Both stand in our own tables."""

import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import JobState, MailRhythm, MailState


class JobQuerySet(models.QuerySet):
    def unfinished(self) -> Self:
        return self.filter(state__in=[JobState.PENDING, JobState.RUNNING])


class Job(models.Model):
    """Long work and its progress; arguments are ids. A sweep takes up again what a killed worker left."""

    kind = models.SlugField(_("travail"), max_length=60)
    label = models.CharField(_("libellé"), max_length=255)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    state = models.CharField(_("état"), max_length=12, choices=JobState, default=JobState.PENDING)
    done = models.PositiveIntegerField(_("fait"), default=0)
    total = models.PositiveIntegerField(_("à faire"), default=0)
    result = models.JSONField(_("résultat"), null=True, blank=True)
    error = models.TextField(_("erreur"), blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("demandé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="jobs",
    )
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    started_at = models.DateTimeField(_("commencé le"), null=True, blank=True)
    beat_at = models.DateTimeField(_("dernier signe de vie"), null=True, blank=True)
    finished_at = models.DateTimeField(_("fini le"), null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("travail")
        verbose_name_plural = _("travaux")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[JobState.DONE, JobState.FAILED], finished_at__isnull=False)
                | Q(state__in=[JobState.PENDING, JobState.RUNNING], finished_at__isnull=True),
                name="job_finished_iff_dated",
            )
        ]

    def __str__(self) -> str:
        return self.label


class OutgoingMailQuerySet(models.QuerySet):
    def to_send(self) -> Self:
        return self.filter(state=MailState.PENDING)

    def free(self, at: datetime.datetime) -> Self:
        """To send, and in nobody's hands: never claimed, or its holder has been silent for too long."""
        return self.to_send().filter(Q(leased_until=None) | Q(leased_until__lte=at))

    def due(self, at: datetime.datetime) -> Self:
        """Free, and whose next attempt has come."""
        return self.free(at).filter(Q(not_before=None) | Q(not_before__lte=at))

    def failed(self) -> Self:
        """Given up, and not sent again since."""
        return self.filter(state=MailState.FAILED, sent_again__isnull=True)


class OutgoingMail(models.Model):
    """A mail to send: its template and ids only. Text, codes and links are made as it leaves, and not kept."""

    template = models.SlugField(_("modèle"), max_length=60)
    params = models.JSONField(_("identifiants"), default=dict)
    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="mails",
    )
    state = models.CharField(_("état"), max_length=10, choices=MailState, default=MailState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    error = models.CharField(_("erreur"), max_length=255, blank=True)
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    leased_until = models.DateTimeField(_("pris en charge jusqu’à"), null=True, blank=True, editable=False)
    not_before = models.DateTimeField(_("prochain essai"), null=True, blank=True, editable=False)
    # Null, not blank: unique where it is given.
    dedupe_key = models.CharField(
        _("une seule fois"), max_length=160, unique=True, null=True, blank=True, editable=False
    )
    again_of = models.ForeignKey(
        "self",
        verbose_name=_("envoyé de nouveau après"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="sent_again",
    )

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("courriel")
        verbose_name_plural = _("courriels")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="mail_sent_iff_dated",
            )
        ]
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state=MailState.PENDING), name="mail_waiting"),
            models.Index(fields=["-created_at", "-id"], name="mail_newest"),
            models.Index(fields=["state", "created_at"], name="mail_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.created_at:%d/%m/%Y})"


class MailPreference(models.Model):
    """When a user wants one kind of letter; no row: its usual rhythm."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lecteur"),
        on_delete=models.PROTECT,
        related_name="mail_preferences",
    )
    letter = models.SlugField(_("modèle"), max_length=60)
    rhythm = models.CharField(_("quand"), max_length=14, choices=MailRhythm, default=MailRhythm.NOW)

    class Meta:
        verbose_name = _("choix de courriel")
        verbose_name_plural = _("choix de courriels")
        ordering = ["user", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "letter"],
                name="mail_preference_once",
                violation_error_message=_("Ce courriel est déjà réglé pour ce lecteur."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.letter} : {self.get_rhythm_display()}"


class HeldMailQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Not yet in a summary."""
        return self.filter(summary_on__isnull=True)


class HeldMail(models.Model):
    """A letter that its reader wants in the daily summary; `summary_on` is the day of the one that took it."""

    mail = models.ForeignKey(
        OutgoingMail, verbose_name=_("courriel"), on_delete=models.PROTECT, related_name="held"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("lecteur"),
        on_delete=models.PROTECT,
        related_name="held_mails",
    )
    summary_on = models.DateField(_("résumé du"), null=True, blank=True)

    objects = HeldMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("courriel gardé")
        verbose_name_plural = _("courriels gardés")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mail", "user"],
                name="held_mail_once",
                violation_error_message=_("Ce courriel attend déjà le résumé de ce lecteur."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.mail} pour {self.user}"
