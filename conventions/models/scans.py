"""Signed copies that were scanned: what was sent, what was read on each page, what was made of it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import ScanState


def received_name(sha256: str) -> str:
    """Where a PDF stands in private storage as it came."""
    return f"scans/{sha256[:2]}/{sha256}.pdf"


class ScanBatchQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Batches that still wait for someone."""
        return self.filter(state__in=[ScanState.READING, ScanState.TO_FILE])


class ScanBatch(models.Model):
    """PDFs sent together to be filed. It survives a closed browser and is listed until filed or discarded."""

    state = models.CharField(
        _("état"), max_length=10, choices=ScanState, default=ScanState.READING, editable=False
    )
    act = models.ForeignKey(
        "conventions.Act",
        verbose_name=_("acte attendu"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("L’acte depuis lequel les fichiers ont été envoyés : proposé pour les pages sans code."),
    )
    job = models.ForeignKey(
        "conventions.Job",
        verbose_name=_("lecture"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("envoyé par"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)
    ended_at = models.DateTimeField(_("fini le"), null=True, blank=True)
    purged_at = models.DateTimeField(_("fichiers effacés le"), null=True, blank=True)

    objects = ScanBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot de scans")
        verbose_name_plural = _("scans à classer")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[ScanState.FILED, ScanState.DISCARDED], ended_at__isnull=False)
                | Q(state__in=[ScanState.READING, ScanState.TO_FILE], ended_at__isnull=True),
                name="scan_batch_ended_iff_dated",
            ),
            models.CheckConstraint(
                condition=Q(purged_at__isnull=True) | Q(ended_at__isnull=False),
                name="scan_batch_purged_once_ended",
                violation_error_message=_(
                    "Un lot en attente garde ses fichiers. Classez-le ou abandonnez-le."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Scans du {timezone.localtime(self.created_at):%d/%m/%Y à %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    def pages_of_batch(self) -> "models.QuerySet[ScanPage]":
        """Every page of its files."""
        return ScanPage.objects.filter(file__batch=self)


class ScanFileQuerySet(models.QuerySet["ScanFile"]):
    def kept(self) -> Self:
        """Those whose bytes are still there: what was discarded is erased."""
        return self.exclude(batch__state=ScanState.DISCARDED, batch__purged_at__isnull=False)


class ScanFile(models.Model):
    """One PDF of a batch, as it was sent; `error` says, in French, why it could not be read."""

    batch = models.ForeignKey(
        ScanBatch, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="files"
    )
    position = models.PositiveSmallIntegerField(_("rang"))
    original_name = models.CharField(_("nom du fichier"), max_length=255)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("taille (octets)"))
    page_count = models.PositiveSmallIntegerField(_("pages"), default=0)
    error = models.CharField(_("erreur"), max_length=255, blank=True)
    is_signed = models.BooleanField(_("porte une signature électronique"), default=False)

    objects = ScanFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("fichier numérisé")
        verbose_name_plural = _("fichiers numérisés")
        ordering = ["batch", "position"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="scan_file_position_once"),
            models.UniqueConstraint(
                fields=["batch", "sha256"],
                name="scan_file_once_per_batch",
                violation_error_message=_("Ce fichier est déjà dans le lot."),
            ),
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def storage_name(self) -> str:
        """Name of the bytes in private storage."""
        return received_name(self.sha256)


class ScanPart(models.Model):
    """The pages of one copy of one act within a batch; filed, it has become a document of that act."""

    batch = models.ForeignKey(
        ScanBatch, verbose_name=_("lot"), on_delete=models.PROTECT, related_name="parts"
    )
    act = models.ForeignKey(
        "conventions.Act", verbose_name=_("acte"), on_delete=models.PROTECT, related_name="scan_parts"
    )
    copy = models.PositiveSmallIntegerField(
        _("exemplaire"), default=0, help_text=_("Lu sur le code des pages ; 0 : inconnu.")
    )
    document = models.OneToOneField(
        "conventions.Document",
        verbose_name=_("document classé"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="scan_part",
    )

    class Meta:
        verbose_name = _("exemplaire numérisé")
        verbose_name_plural = _("exemplaires numérisés")
        ordering = ["batch", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "act", "copy"], name="scan_part_once_per_copy")
        ]

    def __str__(self) -> str:
        return f"{self.act} – {self.copy}" if self.copy else str(self.act)


class ScanPage(models.Model):
    """One page of a sent file: what its code says, where it was placed. `thumbnail` and `picture` are SHA-256."""

    file = models.ForeignKey(
        ScanFile, verbose_name=_("fichier"), on_delete=models.PROTECT, related_name="pages"
    )
    number = models.PositiveSmallIntegerField(_("page du fichier"))
    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("document reconnu"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    printed_copy = models.PositiveSmallIntegerField(_("exemplaire lu"), default=0)
    printed_page = models.PositiveSmallIntegerField(_("page lue"), default=0)
    turn = models.PositiveSmallIntegerField(
        _("rotation"), default=0, help_text=_("Degrés, dans le sens horaire, pour la remettre droite.")
    )
    also_printed = models.CharField(
        _("autres pages lues"),
        max_length=40,
        blank=True,
        help_text=_("Imprimées sur la même feuille, du même exemplaire : « 2 3 »."),
    )
    is_blank = models.BooleanField(_("page blanche"), default=False)
    is_faint = models.BooleanField(
        _("écriture pâle"), default=False, help_text=_("Rien de foncé, mais plus que des poussières.")
    )
    beside = models.CharField(
        _("à côté du dessin"),
        max_length=160,
        blank=True,
        help_text=_("Ce qu’elle montre, et que le document classé ne montrerait pas ; vide : rien."),
    )
    part = models.ForeignKey(
        ScanPart,
        verbose_name=_("exemplaire"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pages",
    )
    position = models.PositiveSmallIntegerField(_("rang dans l’exemplaire"), default=0)
    set_aside = models.BooleanField(_("laissée de côté"), default=False)
    thumbnail = models.CharField(_("vignette"), max_length=64, blank=True)
    picture = models.CharField(_("image"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("page numérisée")
        verbose_name_plural = _("pages numérisées")
        ordering = ["file", "number"]
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="scan_page_once"),
            models.CheckConstraint(
                condition=Q(turn__in=[0, 90, 180, 270]), name="scan_page_turns_by_quarters"
            ),
            models.CheckConstraint(
                condition=Q(part__isnull=True) | Q(set_aside=False),
                name="scan_page_placed_or_set_aside",
                violation_error_message=_("Une page laissée de côté n’est dans aucun exemplaire."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file}, page {self.number}"

    @property
    def printed_pages(self) -> list[int]:
        """The printed pages that it shows; none without a code."""
        return [self.printed_page, *map(int, self.also_printed.split())] if self.printed_page else []

    @property
    def paper_number(self) -> int:
        """Its number as printed, else its rank in the copy."""
        return self.printed_page or self.position

    @staticmethod
    def picture_name(digest: str) -> str:
        """Name in private storage of a picture of a page."""
        return f"scans/pages/{digest[:2]}/{digest}.jpg"


class ReceivedFile(models.Model):
    """A PDF as it came, of which a document of an act shows these pages as they were seen. Never changed, never erased.

    `pages`: « 1 3 », in the order of the document.
    """

    document = models.ForeignKey(
        "conventions.Document",
        verbose_name=_("document classé"),
        on_delete=models.PROTECT,
        related_name="received",
    )
    original_name = models.CharField(_("nom du fichier"), max_length=255, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("taille (octets)"))
    pages = models.TextField(_("pages classées"))
    is_signed = models.BooleanField(_("porte une signature électronique"), default=False)
    acting = models.CharField(
        _("ce qui agit"),
        max_length=160,
        blank=True,
        help_text=_("Ce que le fichier fait de plus que montrer ses pages ; vide : rien, ou pas regardé."),
    )

    class Meta:
        verbose_name = _("fichier reçu")
        verbose_name_plural = _("fichiers reçus")
        ordering = ["document", "pk"]
        indexes = [models.Index(fields=["sha256"], name="received_file_hash")]
        constraints = [models.UniqueConstraint(fields=["document", "sha256"], name="received_file_once")]

    def __str__(self) -> str:
        return self.original_name or str(_("fichier reçu"))

    @property
    def storage_name(self) -> str:
        """Name of the bytes in private storage."""
        return received_name(self.sha256)
