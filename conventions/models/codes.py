"""What every code sent by mail keeps, whatever it opens."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OneTimeCodeQuerySet(models.QuerySet):
    def usable(self, *, at: datetime.datetime | None = None) -> Self:
        """Codes not used, not expired."""
        return self.filter(used_at__isnull=True, expires_at__gt=at or timezone.now())

    def waiting(self) -> Self:
        """Codes not used that nothing replaced, expired or not: what lapses expires when it was asked for."""
        return self.filter(used_at__isnull=True, expires_at__gt=F("created_at"))


class OneTimeCode(models.Model):
    """The digits are drawn as the mail leaves and kept as an HMAC only."""

    code_hash = models.CharField(_("empreinte du code"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("demandé le"), auto_now_add=True)
    leaves_at = models.DateTimeField(
        _("part le"),
        default=timezone.now,
        help_text=_("Après plusieurs demandes, le courriel attend un peu."),
    )
    expires_at = models.DateTimeField(_("expire le"))
    digits = models.PositiveSmallIntegerField(_("longueur"), default=6)
    tries = models.PositiveSmallIntegerField(_("essais"), default=0)
    used_at = models.DateTimeField(_("utilisé le"), null=True, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        abstract = True
