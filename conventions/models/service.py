"""What the application knows of its own service: the steps of the sweep, and the clock of the server."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SweepStep(models.Model):
    """One step of the sweep, or the sweep as a whole: when it last ran, when it last went well, how long it took."""

    name = models.CharField(_("étape"), max_length=60, unique=True)
    ran_at = models.DateTimeField(_("dernier passage"))
    went_well_at = models.DateTimeField(_("dernier passage sans échec"), null=True, blank=True)
    seconds = models.FloatField(_("durée en secondes"))
    counted = models.PositiveIntegerField(_("fait"), default=0)
    failed_in_a_row = models.PositiveIntegerField(_("échecs de suite"), default=0)
    error = models.CharField(_("dernier échec"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("étape du balayage")
        verbose_name_plural = _("étapes du balayage")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ClockWatch(models.Model):
    """The last moment that this site saw, and whether an administrator must confirm the clock. One row: the first.

    `machine` and `uptime` tell the same moment by a clock that nobody sets: the start of that machine.
    """

    seen_at = models.DateTimeField(_("dernier instant vu"))
    machine = models.CharField(_("démarrage de la machine"), max_length=36, blank=True)
    uptime = models.FloatField(_("secondes depuis ce démarrage"), default=0)
    held_since = models.DateTimeField(_("retenue depuis"), null=True, blank=True)
    reason = models.CharField(_("raison"), max_length=255, blank=True)
    confirmations = models.PositiveIntegerField(_("confirmations"), default=0)

    class Meta:
        verbose_name = _("horloge")
        verbose_name_plural = _("horloge")

    def __str__(self) -> str:
        return f"{self.seen_at:%d/%m/%Y}"
