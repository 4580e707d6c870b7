"""The journal: one chain of entries per convention (or partner), append-only, each holding the previous hash."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from conventions.formats import counted


class JournalEntryQuerySet(models.QuerySet):
    def of_chain(self, chain: str) -> Self:
        return self.filter(chain=chain).order_by("sequence")


class JournalEntry(models.Model):
    """`payload` is the canonical JSON text that is hashed; names and other personal details are in the side row."""

    chain = models.CharField(_("chaîne"), max_length=60)
    sequence = models.PositiveIntegerField(_("rang"))
    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="journal",
    )
    partner = models.ForeignKey(
        "conventions.Partner",
        verbose_name=_("partenaire"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="journal",
    )
    at = models.DateTimeField(_("quand"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("qui"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    event = models.SlugField(_("événement"), max_length=60)
    payload = models.TextField(_("contenu"))
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64, blank=True)
    hash = models.CharField(_("empreinte"), max_length=64)

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("ligne du journal")
        verbose_name_plural = _("journal")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="journal_sequence_once"),
        ]
        indexes = [
            models.Index(fields=["convention", "sequence"], name="journal_by_convention"),
            models.Index(fields=["-at", "-id"], name="journal_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.chain} {self.sequence}"


class JournalPersonal(models.Model):
    """Personal details of an entry (before/after of names, addresses): erasable; the entry keeps only their hash."""

    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="personal")
    data = models.JSONField(_("détails"))
    salt = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("détail personnel du journal")
        verbose_name_plural = _("détails personnels du journal")

    def __str__(self) -> str:
        return str(self.entry_id)


class JournalDigest(models.Model):
    """The daily seal of every chain's head. `sealed` is the canonical text of what moved since the digest before."""

    day = models.DateField(_("jour"), unique=True)
    heads_count = models.PositiveIntegerField(_("chaînes"))
    entries_count = models.PositiveIntegerField(_("lignes"))
    heads_sha256 = models.CharField(_("empreinte des têtes"), max_length=64)
    sealed = models.TextField(_("contenu scellé"))
    previous_hash = models.CharField(_("empreinte précédente"), max_length=64, blank=True)
    hash = models.CharField(_("empreinte"), max_length=64)
    sealed_at = models.DateTimeField(_("scellée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("empreinte du jour")
        verbose_name_plural = _("empreintes du jour")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"

    @property
    def line(self) -> str:
        """The line to keep apart: « 2026-11-24 · 312 chaînes · 4 018 lignes · empreinte »."""
        counts = f"{counted(self.heads_count, 'chaîne')} · {counted(self.entries_count, 'ligne')}"
        return f"{self.day.isoformat()} · {counts} · {self.hash}"
