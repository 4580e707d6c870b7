"""What may authorise or gather several acts: a délibération of the board, a signing ceremony."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BoardDecision(models.Model):
    """A délibération of OPT-NC's board; it may authorise several conventions and precede them by months."""

    number = models.CharField(_("numéro"), max_length=60, blank=True)
    decided_on = models.DateField(_("date"))
    title = models.CharField(_("intitulé"), max_length=255, blank=True)
    body = models.CharField(_("organe"), max_length=120, default="conseil d’administration")
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("pièce"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    is_demo = models.BooleanField(_("fictive"), default=False, editable=False)

    class Meta:
        verbose_name = _("délibération")
        verbose_name_plural = _("délibérations")
        ordering = ["-decided_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "decided_on"],
                condition=~Q(number=""),
                name="board_decision_once",
                violation_error_message=_(
                    "Cette délibération est déjà enregistrée. Choisissez-la dans la liste."
                ),
            )
        ]

    def __str__(self) -> str:
        number = f"n° {self.number} " if self.number else ""
        return f"Délibération {number}du {self.decided_on:%d/%m/%Y}"


class Ceremony(models.Model):
    """One signing ceremony may group several conventions."""

    title = models.CharField(_("intitulé"), max_length=200)
    slug = models.SlugField(_("adresse"), max_length=120, unique=True)
    held_on = models.DateField(_("date"), null=True, blank=True)
    place = models.CharField(_("lieu"), max_length=160, blank=True)
    public_summary = models.TextField(_("résumé public"), blank=True)
    is_demo = models.BooleanField(_("fictive"), default=False, editable=False)

    class Meta:
        verbose_name = _("cérémonie de signature")
        verbose_name_plural = _("cérémonies de signature")
        ordering = ["-held_on", "title"]

    def __str__(self) -> str:
        return self.title
