"""Formal letters: their versioned texts, kept by lawyers, and those that were made, whose bytes never change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conventions.enums import LetterKind, LetterRoute, TemplateState
from conventions.models.clauses import Versioned, VersionedQuerySet


class LetterTemplate(Versioned):
    """The text of a kind of letter, in one version. At most one version of a kind is in force."""

    code = models.CharField(_("courrier"), max_length=20, choices=LetterKind)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(
        _("état"), max_length=12, choices=TemplateState, default=TemplateState.DRAFT, editable=False
    )
    heading = models.CharField(_("objet du courrier"), max_length=200)
    body = models.TextField(_("texte"))
    note = models.TextField(_("note du juridique"), blank=True)

    objects = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("modèle de courrier")
        verbose_name_plural = _("modèles de courriers")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="letter_template_version_once",
                violation_error_message=_("Ce courrier a déjà un modèle : préparez-en une nouvelle version."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(state=TemplateState.IN_FORCE),
                name="letter_template_one_in_force",
                violation_error_message=_(
                    "Une autre version de ce courrier est en vigueur. Retirez-la d’abord."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{LetterKind(self.code).label.capitalize()} – version {self.version}"


class FormalLetter(models.Model):
    """A letter made for one party of a convention. Once made it only learns, once, how and when it left and arrived."""

    act = models.ForeignKey(
        "conventions.Act", verbose_name=_("acte"), on_delete=models.PROTECT, related_name="letters"
    )
    party = models.ForeignKey(
        "conventions.Party", verbose_name=_("partie"), on_delete=models.PROTECT, related_name="letters"
    )
    kind = models.CharField(_("courrier"), max_length=20, choices=LetterKind)
    number = models.CharField(_("numéro"), max_length=40, unique=True)
    template = models.ForeignKey(
        LetterTemplate, verbose_name=_("modèle"), on_delete=models.PROTECT, related_name="letters"
    )
    document = models.OneToOneField(
        "conventions.Document", verbose_name=_("document"), on_delete=models.PROTECT, related_name="letter"
    )
    sent_on = models.DateField(_("remis le"), null=True, blank=True)
    route = models.CharField(_("remis"), max_length=10, choices=LetterRoute, blank=True)
    received_on = models.DateField(
        _("reçu le"),
        null=True,
        blank=True,
        help_text=_("Un courriel est envoyé un jour, reçu un autre : vide tant que personne ne le sait."),
    )

    class Meta:
        verbose_name = _("courrier")
        verbose_name_plural = _("courriers")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_on__isnull=True, route="") | Q(sent_on__isnull=False) & ~Q(route=""),
                name="letter_sent_says_how",
                violation_error_message=_("Dites quand et comment ce courrier a été remis."),
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True)
                | Q(sent_on__isnull=False, received_on__gte=models.F("sent_on")),
                name="letter_received_after_sent",
                violation_error_message=_("Un courrier n’est pas reçu avant d’être envoyé."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display().capitalize()} n° {self.number}"
