"""Documents: write-once bytes under their SHA-256; attachments and photos that people file."""

import hashlib
from typing import Any, Self

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Q
from django.utils.functional import LazyObject
from django.utils.translation import gettext_lazy as _

from conventions.enums import AttachmentKind, DatePrecision, DocumentKind
from conventions.formats import show_file

HANDOVER_KINDS = (DocumentKind.HANDOVER, DocumentKind.HANDOVER_SIGNED, DocumentKind.HANDOVER_ATTESTATION)


class DocumentQuerySet(models.QuerySet["Document"]):
    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def latest_version(self) -> "Document | None":
        return self.order_by("-version").first()


class Document(models.Model):
    """A PDF the application made or was given. Its bytes live in private storage, named by their hash.

    Rows are inserted by `domain.documents` and never changed; the database refuses UPDATE and DELETE.
    """

    act = models.ForeignKey(
        "conventions.Act",
        verbose_name=_("acte"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    ceremony = models.ForeignKey(
        "conventions.Ceremony",
        verbose_name=_("cérémonie"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
    )
    kind = models.CharField(_("type"), max_length=16, choices=DocumentKind)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    title = models.CharField(_("titre"), max_length=255)
    code = models.CharField(
        _("code de vérification"),
        max_length=16,
        blank=True,
        default="",
        editable=False,
        help_text=_("Imprimé sur le document ; il permet à chacun de le vérifier."),
    )
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    size = models.PositiveIntegerField(_("taille (octets)"))
    page_count = models.PositiveSmallIntegerField(_("pages"))
    render_sha256 = models.CharField(_("empreinte du rendu"), max_length=64, blank=True)
    render_size = models.PositiveIntegerField(_("taille du rendu (octets)"), null=True, blank=True)
    context_sha256 = models.CharField(_("empreinte du contenu"), max_length=64, blank=True)
    tool_versions = models.JSONField(_("versions des outils"), default=dict, blank=True)
    snapshot = models.JSONField(_("contenu figé"), null=True, blank=True)
    made_from = models.ForeignKey(
        "self",
        verbose_name=_("tiré de"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="derived",
        help_text=_("Le document figé dont ces pages sont celles."),
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("produit par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("produit le"), auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["sha256"], name="document_hash")]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__isnull=False, ceremony__isnull=True)
                | Q(act__isnull=True, ceremony__isnull=False),
                name="document_has_one_owner",
            ),
            models.UniqueConstraint(fields=["code"], condition=~Q(code=""), name="document_code_once"),
            models.UniqueConstraint(fields=["act", "kind", "version"], name="document_version_once_per_act"),
            models.UniqueConstraint(
                fields=["made_from", "kind"],
                condition=Q(kind__in=[DocumentKind.HANDOVER_SIGNED, DocumentKind.HANDOVER_ATTESTATION]),
                name="handover_signed_document_once",
            ),
            models.UniqueConstraint(
                fields=["ceremony", "kind", "version"], name="document_version_once_per_ceremony"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def storage_name(self) -> str:
        """Name of the bytes in private storage."""
        return bytes_name(self.sha256)


def bytes_name(sha256: str) -> str:
    """Where the bytes of a PDF stand in private storage."""
    return f"documents/{sha256[:2]}/{sha256}.pdf"


class SealedRevision(models.Model):
    """One incremental revision of a sealed PDF: its length and hash, in order.

    A seal, or a document time stamp with what proves the seals: that one bears `stamp_ends_at` and no signature.
    """

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="revisions"
    )
    revision = models.PositiveSmallIntegerField(
        _("révision"), help_text=_("0 : le sceau posé quand le texte est figé.")
    )
    signature = models.OneToOneField(
        "conventions.SignatureAct",
        verbose_name=_("signature"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seal",
    )
    size = models.PositiveIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    certificate_fingerprint = models.CharField(_("empreinte du certificat"), max_length=64)
    time_source = models.CharField(_("source de l’heure"), max_length=120, blank=True)
    stamp_ends_at = models.DateTimeField(
        _("fin de l’horodatage"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Fin du certificat qui a horodaté le document entier ; vide : un sceau."),
    )
    sealed_at = models.DateTimeField(_("scellé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("révision scellée")
        verbose_name_plural = _("révisions scellées")
        ordering = ["document", "revision"]
        indexes = [models.Index(fields=["sha256"], name="sealed_revision_hash")]
        constraints = [models.UniqueConstraint(fields=["document", "revision"], name="sealed_revision_once")]

    def __str__(self) -> str:
        return f"{self.document} – {self.revision}"

    @property
    def is_stamp(self) -> bool:
        return self.stamp_ends_at is not None

    @property
    def storage_name(self) -> str:
        """Name of its bytes in private storage: the whole file up to this seal."""
        return bytes_name(self.sha256)


def attachment_path(instance: "Attachment", filename: str) -> str:
    """Private storage: named by hash, the typed name is kept in a column and never trusted as a path."""
    return attachment_name(instance.sha256)


def attachment_name(sha256: str) -> str:
    """Where the bytes of a filed paper stand in private storage."""
    return f"attachments/{sha256[:2]}/{sha256}"


class Attachment(models.Model):
    """A file someone filed with a convention, partner or act. `pending`: saved from a form that failed."""

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
    )
    partner = models.ForeignKey(
        "conventions.Partner",
        verbose_name=_("partenaire"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
    )
    act = models.ForeignKey(
        "conventions.Act",
        verbose_name=_("acte"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
    )
    device = models.ForeignKey(
        "conventions.Device",
        verbose_name=_("appareil du stock"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attachments",
    )
    kind = models.CharField(_("type"), max_length=14, choices=AttachmentKind, default=AttachmentKind.OTHER)
    title = models.CharField(_("titre"), max_length=200, blank=True)
    original_name = models.CharField(_("nom du fichier"), max_length=255)
    content_type = models.CharField(_("format"), max_length=100)
    size = models.PositiveIntegerField(_("taille (octets)"))
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    pending = models.BooleanField(_("à rattacher"), default=False)
    kept_for = models.CharField(
        _("gardé pour"),
        max_length=40,
        blank=True,
        help_text=_("Le formulaire refusé qu’il attend ; vide : la page de la convention."),
    )
    note = models.CharField(_("note"), max_length=255, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("déposé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("déposé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("pièce jointe")
        verbose_name_plural = _("pièces jointes")
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(convention__isnull=False)
                | Q(partner__isnull=False)
                | Q(act__isnull=False)
                | Q(device__isnull=False)
                | Q(pending=True),
                name="attachment_has_an_owner",
            )
        ]

    def __str__(self) -> str:
        return self.title or self.original_name

    @property
    def storage_name(self) -> str:
        return attachment_path(self, self.original_name)

    @property
    def recognised(self) -> str:
        """« Classeur LibreOffice, 12 ko »: what its bytes were found to be."""
        return show_file(self.content_type, self.size)


def photo_path(instance: "Photo", filename: str = "") -> str:
    """Private storage: named by hash, whatever name the picture came with."""
    return f"photos/{instance.sha256[:2]}/{instance.sha256}"


class PrivateStorage(LazyObject):
    """Private storage, as the settings of the moment have it: a field is made once, with the class."""

    @property
    def _wrapped(self) -> Storage:
        return storages["private"]


def private_storage() -> Any:
    return PrivateStorage()


class Photo(models.Model):
    """A picture with its credit; children in it need a recorded image consent before it is published.

    `sha256` is that of its bytes, empty when they were lost before it was noted.
    """

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
    )
    ceremony = models.ForeignKey(
        "conventions.Ceremony",
        verbose_name=_("cérémonie"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="photos",
    )
    image = models.ImageField(
        _("image"),
        storage=private_storage,
        upload_to=photo_path,
        width_field="width",
        height_field="height",
    )
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True, editable=False)
    width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    alternative_text = models.CharField(_("description pour les lecteurs d’écran"), max_length=255)
    caption = models.CharField(_("légende"), max_length=255, blank=True)
    credit = models.CharField(_("crédit"), max_length=160)
    taken_on = models.DateField(_("prise le"), null=True, blank=True)
    taken_on_precision = models.CharField(
        _("précision"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    shows_children = models.BooleanField(_("des enfants sont reconnaissables"), default=False)
    consent = models.CharField(
        _("accord à l’image"), max_length=255, blank=True, help_text=_("Qui a donné son accord, et quand.")
    )
    publishable = models.BooleanField(_("publiable"), default=False)
    position = models.PositiveSmallIntegerField(_("rang"), default=0)

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(publishable=False) | Q(shows_children=False) | ~Q(consent=""),
                name="photo_children_need_consent",
                violation_error_message=_(
                    "Des enfants sont reconnaissables : indiquez l’accord à l’image avant de publier."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.caption or self.alternative_text

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A picture that comes is named by its hash."""
        if self.image and not self.image._committed:  # type: ignore[attr-defined]  # not in the stubs
            self.image.seek(0)
            self.sha256 = hashlib.sha256(self.image.read()).hexdigest()
            self.image.seek(0)
        super().save(*args, **kwargs)

    @property
    def storage_name(self) -> str:
        return photo_path(self)


class Source(models.Model):
    """Where a published fact comes from. Two sources may disagree; both are kept."""

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        related_name="sources",
    )
    title = models.CharField(_("titre"), max_length=255)
    publisher = models.CharField(_("publié par"), max_length=160, blank=True)
    url = models.URLField(_("adresse"), max_length=500, blank=True)
    published_on = models.DateField(_("publié le"), null=True, blank=True)
    published_on_precision = models.CharField(
        _("précision"), max_length=6, choices=DatePrecision, default=DatePrecision.DAY
    )
    fact = models.CharField(
        _("fait établi"),
        max_length=160,
        blank=True,
        help_text=_("Par exemple « date de signature ». Vide : l’ensemble."),
    )
    wording = models.TextField(_("mots de la source"), blank=True)
    publishable = models.BooleanField(_("à citer en public"), default=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["convention", "published_on", "pk"]

    def __str__(self) -> str:
        return self.title
