"""The papers that justify a payment: which ones a rule asks for, and the file that holds them, made once."""

import datetime
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conventions.money_enums import PaymentPaper, PaymentRank

ASKED_ALREADY = _(
    "Cette pièce est déjà demandée à partir de ce jour. Modifiez cette règle ou changez la date."
)


class PaperRuleQuerySet(models.QuerySet["PaperRule"]):
    def in_force(self, on: datetime.date) -> Self:
        """Those of a day: begun, and not ended yet."""
        return self.filter(effective_from__lte=on).filter(Q(ends_on=None) | Q(ends_on__gt=on))


class PaperRule(models.Model):
    """A paper to enclose with the payments of a kind of convention (none: of all), of a rank, from a day on."""

    paper = models.CharField(_("pièce"), max_length=14, choices=PaymentPaper)
    kind = models.ForeignKey(
        "conventions.Kind",
        verbose_name=_("type de soutien"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="paper_rules",
        help_text=_("Vide : tous."),
    )
    rank = models.CharField(
        _("pour"), max_length=10, choices=PaymentRank, blank=True, default=PaymentRank.EVERY
    )
    effective_from = models.DateField(_("à partir du"))
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Premier jour où la pièce n’est plus demandée.")
    )
    source = models.CharField(_("source"), max_length=255, blank=True)
    to_confirm = models.BooleanField(_("à confirmer par l’agent comptable"), default=True)

    objects = PaperRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("pièce à joindre à un versement")
        verbose_name_plural = _("pièces à joindre aux versements")
        ordering = ["effective_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "kind", "rank", "effective_from"],
                name="paper_rule_once_per_date",
                violation_error_message=ASKED_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["paper", "rank", "effective_from"],
                condition=Q(kind=None),
                name="paper_rule_of_all_once_per_date",
                violation_error_message=ASKED_ALREADY,
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=F("effective_from")),
                name="paper_rule_ends_later",
                violation_error_message=_(
                    "Cette règle finit avant d’avoir commencé. Corrigez l’une des deux dates."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_paper_display()}, pour {self.get_rank_display()}"


def payment_bytes_name(sha256: str) -> str:
    """Where the bytes of a payment file stand in private storage."""
    return f"payments/{sha256[:2]}/{sha256}.pdf"


class PaymentFile(models.Model):
    """The file of a payment: its certificate and its papers in one PDF, which shows bank details.

    Inserted once by `domain.money.files`; the database refuses any change. Papers that changed since make another.
    """

    payment = models.ForeignKey(
        "conventions.Payment", verbose_name=_("versement"), on_delete=models.PROTECT, related_name="files"
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("taille (octets)"))
    page_count = models.PositiveSmallIntegerField(_("pages"))
    papers = models.JSONField(_("pièces"), help_text=_("Titre, empreinte et nombre de pages de chacune."))
    tool_versions = models.JSONField(_("versions des outils"), default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("produit par"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("produit le"), auto_now_add=True)

    class Meta:
        verbose_name = _("dossier de versement")
        verbose_name_plural = _("dossiers de versement")
        ordering = ["payment", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "version"], name="payment_file_version_once"),
            models.CheckConstraint(
                condition=Q(page_count__gt=0, size__gt=0) & ~Q(sha256=""), name="payment_file_has_pages"
            ),
        ]

    def __str__(self) -> str:
        return f"Dossier du versement {self.payment_id}, version {self.version}"

    @property
    def storage_name(self) -> str:
        """Name of the bytes in private storage."""
        return payment_bytes_name(self.sha256)
