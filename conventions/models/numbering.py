"""Numbers given to acts, one sequence a year."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberCounter(models.Model):
    """Last number given in a year; locked while the next is taken, so that numbers have no gap."""

    year = models.PositiveSmallIntegerField(_("année"), unique=True)
    last = models.PositiveIntegerField(_("dernier numéro"), default=0)

    class Meta:
        verbose_name = _("compteur")
        verbose_name_plural = _("compteurs")

    def __str__(self) -> str:
        return f"{self.year}-{self.last:03d}"
