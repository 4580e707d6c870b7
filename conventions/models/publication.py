"""What the public reads: versioned sheets made from signed acts, and press releases."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import DatePrecision, PressState
from conventions.models.search import Searchable, SearchableQuerySet


def under_embargo(at: datetime.datetime | None = None) -> Q:
    """Pages and releases published but still held back, until their moment."""
    return Q(embargo_until__gt=at or timezone.now())


class PublicSheetQuerySet(SearchableQuerySet):
    def published(self, at: datetime.datetime | None = None) -> Self:
        """The current version of each sheet whose embargo is over and that was not withdrawn."""
        return self.filter(is_current=True, withdrawn_at__isnull=True).exclude(under_embargo(at))


class PublicSheet(Searchable):
    """One version of a convention's public page. Public pages read sheets and nothing else.

    `data` is `documents.context.PublicSheetContext` as JSON: by type it holds no bank detail, no private address and
    no amount that is not publishable. The other columns repeat what lists filter on.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        related_name="sheets",
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    is_current = models.BooleanField(_("version courante"), default=True)
    slug = models.SlugField(_("adresse"), max_length=160)
    title = models.CharField(_("titre"), max_length=200)
    summary = models.TextField(_("résumé"), blank=True)
    kind_label = models.CharField(_("nature"), max_length=160)
    kind_slug = models.SlugField(_("nature (adresse)"), max_length=60)
    signed_on = models.DateField(_("signée le"), null=True, blank=True)
    signed_on_precision = models.CharField(
        _("précision"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    year = models.PositiveSmallIntegerField(_("année"), null=True, blank=True)
    data = models.JSONField(_("contenu"))
    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("version publique"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sheets",
    )
    areas = models.ManyToManyField(
        "conventions.Area", verbose_name=_("territoires"), blank=True, related_name="sheets"
    )
    values = models.ManyToManyField(
        "conventions.Value", verbose_name=_("valeurs"), blank=True, related_name="sheets"
    )
    themes = models.ManyToManyField(
        "conventions.Theme", verbose_name=_("thèmes"), blank=True, related_name="sheets"
    )
    is_demo = models.BooleanField(_("fictive"), default=False)
    embargo_until = models.DateTimeField(_("sous embargo jusqu’au"), null=True, blank=True)
    published_at = models.DateTimeField(_("publiée le"), auto_now_add=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("publiée par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    objects: ClassVar = PublicSheetQuerySet.as_manager()

    class Meta(Searchable.Meta):
        abstract = False
        verbose_name = _("fiche publique")
        verbose_name_plural = _("fiches publiques")
        ordering = ["-signed_on", "title", "pk"]
        indexes = [
            *Searchable.Meta.indexes,
            models.Index(
                fields=["-signed_on", "title", "id"], condition=Q(is_current=True), name="sheet_newest"
            ),
            models.Index(fields=["year"], name="sheet_by_year"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["convention", "version"], name="sheet_version_once"),
            models.UniqueConstraint(
                fields=["convention"], condition=Q(is_current=True), name="sheet_one_current"
            ),
            models.UniqueConstraint(fields=["slug"], condition=Q(is_current=True), name="sheet_slug_once"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public:convention_detail", args=[self.slug])

    def search_source(self) -> list[str]:
        names = [
            name
            for party in self.data.get("parties", [])
            for name in (party.get("name"), party.get("acronym"))
        ]
        told = [self.data.get(key) for key in ("reference", "project", "project_place")]
        others = [*self.data.get("beneficiaries", []), *self.data.get("cofunders", [])]
        return [self.title, self.summary, self.kind_label, *names, *told, *others]


class PublicSheetPartner(models.Model):
    """A partner as its sheets name it: the public partner pages read this."""

    sheet = models.ForeignKey(PublicSheet, on_delete=models.CASCADE, related_name="partners")
    partner = models.ForeignKey(
        "conventions.Partner", on_delete=models.PROTECT, related_name="public_mentions"
    )
    slug = models.SlugField(_("adresse"), max_length=120)
    name = models.CharField(_("nom"), max_length=200)
    acronym = models.CharField(_("sigle"), max_length=40, blank=True)
    nature_label = models.CharField(_("nature"), max_length=40)
    presentation = models.TextField(_("présentation"), blank=True)
    role = models.CharField(_("rôle"), max_length=16)
    commune = models.CharField(_("commune"), max_length=80, blank=True)
    search_key = models.TextField(editable=False, default="", blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("partenaire cité")
        verbose_name_plural = _("partenaires cités")
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(fields=["sheet", "partner"], name="sheet_partner_once")]

    def __str__(self) -> str:
        return self.name


class PublicSheetFunding(models.Model):
    """A funding line as published: `amount` is null when not communicated, never 0 in its place."""

    sheet = models.ForeignKey(PublicSheet, on_delete=models.CASCADE, related_name="fundings")
    budget_year = models.PositiveSmallIntegerField(_("exercice"), null=True, blank=True)
    amount = models.PositiveBigIntegerField(_("montant (F CFP)"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("financement publié")
        verbose_name_plural = _("financements publiés")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(self.budget_year or "")


class PressReleaseQuerySet(models.QuerySet):
    def published(self, at: datetime.datetime | None = None) -> Self:
        return self.filter(state=PressState.PUBLISHED).exclude(under_embargo(at))


class PressRelease(models.Model):
    """A communiqué for one convention or one ceremony; drafted from the data, then edited by communication."""

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="press_releases",
    )
    ceremony = models.ForeignKey(
        "conventions.Ceremony",
        verbose_name=_("cérémonie"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="press_releases",
    )
    slug = models.SlugField(_("adresse"), max_length=160, unique=True)
    title = models.CharField(_("titre"), max_length=255)
    standfirst = models.TextField(_("chapeau"), blank=True)
    body = models.TextField(
        _("texte"), help_text=_("Un paragraphe par ligne vide. Un titre commence par « ## ».")
    )
    dateline = models.DateField(_("date"))
    place = models.CharField(_("lieu"), max_length=120, blank=True)
    contact = models.ForeignKey(
        "conventions.PressContact",
        verbose_name=_("contact presse"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="press_releases",
    )
    state = models.CharField(
        _("état"), max_length=10, choices=PressState, default=PressState.DRAFT, editable=False
    )
    embargo_until = models.DateTimeField(_("sous embargo jusqu’au"), null=True, blank=True)
    published_at = models.DateTimeField(_("publié le"), null=True, blank=True, editable=False)
    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("PDF"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    is_demo = models.BooleanField(_("fictif"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(_("modifié le"), auto_now=True)

    objects = PressReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("communiqué de presse")
        verbose_name_plural = _("communiqués de presse")
        ordering = ["-dateline", "-pk"]
        indexes = [
            models.Index(fields=["-dateline", "-id"], name="press_newest"),
            models.Index(fields=["state", "-dateline", "-id"], name="press_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(convention__isnull=False, ceremony__isnull=True)
                | Q(convention__isnull=True, ceremony__isnull=False),
                name="press_release_has_one_subject",
                violation_error_message=_(
                    "Un communiqué porte sur une convention ou sur une cérémonie, pas les deux."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(state=PressState.PUBLISHED)
                | Q(published_at__isnull=False, document__isnull=False),
                name="press_release_published_has_its_pdf",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public:press_detail", args=[self.slug])
