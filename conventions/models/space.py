"""What associations send from their space: proposals that staff accept or refuse, and messages."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from conventions.enums import Civility, MandateKind, ProposalState
from conventions.models.codes import OneTimeCode, OneTimeCodeQuerySet


class ProposalQuerySet(models.QuerySet):
    def waiting(self) -> Self:
        """Those that staff have not examined."""
        return self.filter(state=ProposalState.WAITING)


class Proposal(models.Model):
    """Something sent by a partner, that counts once staff accept it; refused with a reason."""

    partner = models.ForeignKey(
        "conventions.Partner",
        verbose_name=_("partenaire"),
        on_delete=models.PROTECT,
        related_name="%(class)ss",
    )
    attachment = models.ForeignKey(
        "conventions.Attachment",
        verbose_name=_("pièce"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("envoyé par"), on_delete=models.PROTECT, related_name="+"
    )
    sent_at = models.DateTimeField(_("envoyé le"), auto_now_add=True)
    state = models.CharField(
        _("état"), max_length=10, choices=ProposalState, default=ProposalState.WAITING, editable=False
    )
    reason = models.CharField(_("motif du refus"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("examiné par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("examiné le"), null=True, blank=True, editable=False)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state=ProposalState.WAITING, decided_at__isnull=True, decided_by__isnull=True)
                    | (
                        ~Q(state=ProposalState.WAITING)
                        & Q(decided_at__isnull=False, decided_by__isnull=False)
                    )
                ),
                name="%(class)s_decided_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.REFUSED) & ~Q(reason="")
                | ~Q(state=ProposalState.REFUSED) & Q(reason=""),
                name="%(class)s_refused_with_reason",
                violation_error_message=_("Un refus se motive : écrivez pourquoi."),
            ),
        ]


class BankProposal(Proposal):
    """A RIB sent by a partner: a number (encrypted, as in BankAccount), a file, or both.

    Once examined the encrypted number goes: the account accepted holds its own.
    """

    holder = models.CharField(_("titulaire"), max_length=200)
    bank_name = models.CharField(_("banque"), max_length=120, blank=True)
    iban_encrypted = models.TextField(blank=True, editable=False)
    iban_masked = models.CharField(_("IBAN masqué"), max_length=40, blank=True, editable=False)
    account = models.OneToOneField(
        "conventions.BankAccount",
        verbose_name=_("compte enregistré"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="proposal",
    )

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = _("RIB proposé")
        verbose_name_plural = _("RIB proposés")
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(iban_masked="") | Q(attachment__isnull=False),
                name="bankproposal_number_or_file",
                violation_error_message=_("Écrivez le numéro du compte, ou joignez le RIB."),
            ),
        ]

    def __str__(self) -> str:
        return self.iban_masked or "RIB en fichier"


class MandateProposal(Proposal):
    """Someone who will speak for a partner, or read its space: declared by a person in office, with a proof."""

    kind = models.CharField(_("rôle dans l’espace"), max_length=12, choices=MandateKind)
    civility = models.CharField(_("civilité"), max_length=4, choices=Civility, blank=True, default="")
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    title = models.CharField(_("titre"), max_length=200)
    email = models.EmailField(_("courriel"))
    phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    mandate_start = models.DateField(_("début du mandat"))
    mandate_end = models.DateField(_("fin du mandat"), null=True, blank=True)
    replaces = models.ForeignKey(
        "conventions.Representative",
        verbose_name=_("remplace"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    representative = models.OneToOneField(
        "conventions.Representative",
        verbose_name=_("représentant créé"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="proposal",
    )

    class Meta(Proposal.Meta):
        abstract = False
        verbose_name = _("mandat déclaré")
        verbose_name_plural = _("mandats déclarés")
        constraints = [
            *Proposal.Meta.constraints,
            models.CheckConstraint(
                condition=Q(mandate_end__isnull=True) | Q(mandate_end__gte=F("mandate_start")),
                name="mandateproposal_in_order",
                violation_error_message=_(
                    "La fin du mandat précède son début. Corrigez l’une des deux dates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind=MandateKind.READER) | Q(attachment__isnull=False),
                name="mandateproposal_president_has_proof",
                violation_error_message=_("Joignez le procès-verbal ou le récépissé."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Thread(models.Model):
    """A question of a partner on a convention, or on one article of an act; then the answers, in turn."""

    convention = models.ForeignKey(
        "conventions.Convention",
        verbose_name=_("convention"),
        on_delete=models.PROTECT,
        related_name="threads",
    )
    partner = models.ForeignKey(
        "conventions.Partner",
        verbose_name=_("partenaire"),
        on_delete=models.PROTECT,
        related_name="threads",
    )
    subject = models.CharField(_("sujet"), max_length=200)
    on_clause = models.BooleanField(_("porte sur un article"), default=False)
    waits_for_staff = models.BooleanField(_("attend une réponse de l’OPT-NC"), default=True)
    updated_at = models.DateTimeField(_("dernier message le"))
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)

    class Meta:
        verbose_name = _("échange")
        verbose_name_plural = _("échanges")
        ordering = ["-updated_at", "-pk"]
        indexes = [
            models.Index(
                fields=["-updated_at", "-id"], condition=Q(waits_for_staff=True), name="thread_waiting"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(waits_for_staff=False),
                name="thread_closed_waits_for_nobody",
                violation_error_message=_("Un échange clos n’attend plus de réponse."),
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Message(models.Model):
    """Plain text of one person; erased, the row stays and its text goes."""

    thread = models.ForeignKey(
        Thread, verbose_name=_("échange"), on_delete=models.PROTECT, related_name="messages"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("auteur"), on_delete=models.PROTECT, related_name="+"
    )
    from_partner = models.BooleanField(_("écrit par le partenaire"))
    body = models.TextField(_("texte"), max_length=2000, blank=True)
    sent_at = models.DateTimeField(_("écrit le"))
    erased_at = models.DateTimeField(_("effacé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["thread", "sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(body="", erased_at__isnull=False) | ~Q(body="") & Q(erased_at__isnull=True),
                name="message_text_or_erased",
                violation_error_message=_("Écrivez votre message."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.author}, {self.sent_at:%d/%m/%Y}"


class AddressChangeQuerySet(OneTimeCodeQuerySet):
    def own(self) -> Self:
        """Asked in the space, with a code sent to the new address."""
        return self.filter(asked_by=None)

    def planned(self) -> Self:
        """Settled, waiting for its day: the old address still opens the space, and may say no."""
        return self.filter(applies_at__isnull=False, applied_at=None, cancelled_at=None)

    def to_approve(self) -> Self:
        """Asked by a member of staff for somebody whose mailbox is lost: a second one has to agree."""
        return self.filter(asked_by__isnull=False, approved_by=None, cancelled_at=None)


class AddressChange(OneTimeCode):
    """A new sign-in address: proven by a code sent there, or asked and approved by two of staff; it counts later.

    Only the code's HMAC is kept. One that staff ask has no code that works.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compte"),
        on_delete=models.CASCADE,
        related_name="address_changes",
    )
    email = models.EmailField(_("nouvelle adresse"))
    previous = models.EmailField(_("ancienne adresse"), blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("demandé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    reason = models.TextField(_("comment la personne a été reconnue"), blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("approuvé par"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    applies_at = models.DateTimeField(_("compte à partir du"), null=True, blank=True, db_index=True)
    applied_at = models.DateTimeField(_("fait le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)

    objects: ClassVar = AddressChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("changement d’adresse")
        verbose_name_plural = _("changements d’adresse")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="address_change_two_people",
                violation_error_message=_("Une autre personne approuve ce changement d’adresse."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.created_at:%d/%m/%Y})"


class KeptFile(models.Model):
    """A readable file of a form of the space that was refused: its sender's alone, for two hours, then erased.

    One per form: `form` names it (« rib:12 »). Bytes lie apart from every filed document, under a name drawn at random.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("déposé par"),
        on_delete=models.PROTECT,
        related_name="kept_files",
    )
    form = models.CharField(_("formulaire"), max_length=40)
    original_name = models.CharField(_("nom du fichier"), max_length=255)
    size = models.PositiveIntegerField(_("taille (octets)"))
    stored_as = models.CharField(max_length=40, unique=True, editable=False)
    kept_at = models.DateTimeField(_("gardé le"), default=timezone.now)

    class Meta:
        verbose_name = _("fichier gardé")
        verbose_name_plural = _("fichiers gardés")
        ordering = ["kept_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="kept_file_one_a_form")]

    def __str__(self) -> str:
        return self.original_name
