"""Tables that somebody brought and has not finished with: what was read, what was mended, what is done.

Such a row is a desk of those who keep the stock, and no proof: it is erased when done with, or forgotten
(`exchange.equipment.desk`). What it leaves are devices and erasures, with their events.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import ImportKind
from conventions.models.work import Job


class SheetImport(models.Model):
    """One table or one batch of certificates. `content` is what was read; `mended`, what a person wrote over it."""

    kind = models.CharField(_("contenu"), max_length=12, choices=ImportKind, default=ImportKind.STOCK)
    name = models.CharField(_("fichier"), max_length=255)
    sha256 = models.CharField(_("empreinte"), max_length=64, db_index=True, editable=False)
    content = models.JSONField(_("ce qui a été lu"), default=dict, editable=False)
    mapping = models.JSONField(_("colonnes"), default=dict, blank=True, editable=False)
    options = models.JSONField(_("choix"), default=dict, blank=True, editable=False)
    mended = models.JSONField(_("lignes corrigées"), default=dict, blank=True, editable=False)
    confirmed = models.JSONField(_("lignes confirmées"), default=list, blank=True, editable=False)
    done = models.JSONField(_("lignes reprises"), default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("apporté par"),
        on_delete=models.CASCADE,
        related_name="sheet_imports",
        editable=False,
    )
    created_at = models.DateTimeField(_("apporté le"), auto_now_add=True)
    touched_at = models.DateTimeField(_("repris le"), auto_now=True)
    job = models.ForeignKey(
        Job,
        verbose_name=_("travail"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    class Meta:
        verbose_name = _("fichier importé")
        verbose_name_plural = _("fichiers importés")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ColumnMapping(models.Model):
    """What the columns of a set of headings fill, as it was last chosen: « modèle de colonnes »."""

    kind = models.CharField(_("contenu"), max_length=12, choices=ImportKind, default=ImportKind.STOCK)
    headings_key = models.CharField(_("jeu de titres"), max_length=32, editable=False)
    mapping = models.JSONField(_("colonnes"), default=dict)
    updated_at = models.DateTimeField(_("choisi le"), auto_now=True)

    class Meta:
        verbose_name = _("modèle de colonnes")
        verbose_name_plural = _("modèles de colonnes")
        ordering = ["kind", "headings_key"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "headings_key"], name="columnmapping_one_per_set"),
            models.CheckConstraint(condition=~Q(headings_key=""), name="columnmapping_has_headings"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.mapping)
