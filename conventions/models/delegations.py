"""Absences of those who sign for OPT-NC, and who signs in their place, under which title."""

import datetime
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conventions.enums import DelegationKind

OVERLAP = _(
    "Cette personne a déjà une absence sur ces dates : %(other)s. Corrigez les dates de l’une des deux."
)
NOT_OPT = _("Choisissez un représentant de l’OPT-NC.")
NOT_ONESELF = _("On ne se remplace pas soi-même. Choisissez une autre personne.")
TITLE_MISSING = _("Écrivez le titre que la personne qui remplace imprime sous sa signature.")
TITLE_ALONE = _("Un titre sans personne ne sert à rien. Choisissez qui remplace, ou retirez le titre.")


class DelegationQuerySet(models.QuerySet):
    def on(self, day: datetime.date | None = None) -> Self:
        """Absences that run on a date (plain date in Nouméa; today by default)."""
        day = day or timezone.localdate()
        return self.filter(starts_on__lte=day).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def overlapping(self, absent_id: int, starts_on: datetime.date, ends_on: datetime.date | None) -> Self:
        """Absences of that person that share a day with these dates; `ends_on` None: without end."""
        rows = self.filter(absent=absent_id).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on))
        return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)

    def without_deputy(self) -> Self:
        return self.filter(deputy__isnull=True)


class Delegation(models.Model):
    """A signatory of OPT-NC is away between two dates; `deputy` signs instead, under `printed_title`.

    The act keeps its own copy of the title: an absence that ends changes no signature.
    """

    absent = models.ForeignKey(
        "conventions.Representative",
        verbose_name=_("personne absente"),
        on_delete=models.PROTECT,
        related_name="absences",
    )
    deputy = models.ForeignKey(
        "conventions.Representative",
        verbose_name=_("remplacée par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="deputations",
        help_text=_("Vide tant que personne n’est désigné."),
    )
    kind = models.CharField(_("forme"), max_length=12, choices=DelegationKind, default=DelegationKind.INTERIM)
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre."))
    printed_title = models.CharField(
        _("titre à imprimer"),
        max_length=200,
        blank=True,
        help_text=_(
            "Tel qu’il doit être lu sous la signature. Par exemple « directeur général par intérim »."
        ),
    )
    basis = models.CharField(
        _("texte de référence"),
        max_length=255,
        blank=True,
        help_text=_("Arrêté, décision ou délibération : nature, numéro, date."),
    )
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("pièce"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    is_demo = models.BooleanField(_("fictive"), default=False, editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("délégation de signature")
        verbose_name_plural = _("délégations de signature")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="delegation_dates_in_order",
                violation_error_message=_(
                    "La fin de l’absence précède son début. Corrigez l’une des deux dates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("absent")),
                name="delegation_not_oneself",
                violation_error_message=NOT_ONESELF,
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True, printed_title="")
                | (Q(deputy__isnull=False) & ~Q(printed_title="")),
                name="delegation_title_iff_deputy",
                violation_error_message=TITLE_MISSING,
            ),
            models.UniqueConstraint(
                fields=["absent"],
                condition=Q(ends_on__isnull=True),
                name="delegation_one_without_end",
                violation_error_message=_(
                    "Cette personne a déjà une absence sans date de fin. Terminez-la d’abord."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} : {self.absent}, {self.period}"

    @property
    def period(self) -> str:
        """« du 02/11/2026 au 20/11/2026 », « depuis le 02/11/2026 » when no end is known."""
        if self.ends_on is None:
            return f"depuis le {self.starts_on:%d/%m/%Y}"
        return f"du {self.starts_on:%d/%m/%Y} au {self.ends_on:%d/%m/%Y}"

    def clean(self) -> None:
        """What the columns alone cannot say: people of OPT-NC, a title with its person, no overlap."""
        errors: dict[str, Promise] = {}
        for name in ("absent", "deputy"):
            person = getattr(self, name) if getattr(self, f"{name}_id") else None
            if person is not None and not person.partner.is_opt:
                errors[name] = NOT_OPT
        if self.deputy_id and self.deputy_id == self.absent_id:
            errors["deputy"] = NOT_ONESELF
        if self.deputy_id and not self.printed_title.strip():
            errors["printed_title"] = TITLE_MISSING
        if not self.deputy_id and self.printed_title.strip():
            errors["printed_title"] = TITLE_ALONE
        if errors:
            raise ValidationError(errors)
        self._refuse_overlap()

    def _refuse_overlap(self) -> None:
        if not (self.absent_id and self.starts_on) or (self.ends_on and self.ends_on < self.starts_on):
            return
        others = Delegation.objects.overlapping(self.absent_id, self.starts_on, self.ends_on)
        other = others.exclude(pk=self.pk).first()
        if other is not None:
            raise ValidationError({"starts_on": OVERLAP % {"other": other.period}})
