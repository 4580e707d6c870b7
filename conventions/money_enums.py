"""Closed lists of money, with their French wording: what happens to a payment, and the papers that justify it.

Codes never change; wordings may.
"""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PaymentState(TextChoices):
    """Where a payment stands, read from its events (`domain.money.transitions`)."""

    PREPARED = "prepare", _("préparé")
    CONTROLLED = "controle", _("contrôlé")
    SENT = "transmis", _("transmis")
    RETURNED = "renvoye", _("renvoyé")
    REJECTED = "rejete", _("rejeté par la banque")
    PAID = "paye", _("payé")
    OVERPAID = "trop_percu", _("trop-perçu à reverser")
    REVERSED = "reverse", _("reversé en entier")
    CANCELLED = "annule", _("annulé")


# On its way: one such case an instalment.
OPEN: Final = (PaymentState.PREPARED, PaymentState.CONTROLLED, PaymentState.SENT)
# Money left the accounts of OPT-NC, whatever came back since.
SPENT: Final = (PaymentState.PAID, PaymentState.OVERPAID, PaymentState.REVERSED)
# Sent to the accountant or paid: what an instalment waited for was done.
STANDING: Final = (PaymentState.SENT, *SPENT)


class PaymentEventKind(TextChoices):
    """What happened to a payment. A correction is a new event."""

    PREPARED = "prepare", _("préparé")
    CONTROLLED = "controle", _("contrôlé")
    SENT = "transmis", _("transmis à l’agent comptable")
    RETURNED = "retourne", _("renvoyé")
    TAKEN_UP = "repris", _("repris")
    ACCOUNT_CONFIRMED = "compte_confirme", _("compte confirmé")
    PAID = "paye", _("payé")
    REJECTED = "rejete", _("rejeté par la banque")
    CANCELLED = "annule", _("annulé")
    OVERPAID = "trop_percu", _("trop-perçu constaté")
    REVERSED = "reverse", _("reversé (titre de recette)")


class PaymentPaper(TextChoices):
    """A paper that justifies a payment."""

    DECISION = "deliberation", _("la délibération")
    ACT = "convention", _("la convention signée")
    AMENDMENTS = "avenants", _("ses avenants signés, s’il y en a")
    BANK = "rib", _("le RIB")
    REPORT = "compte_rendu", _("le compte rendu accepté")
    HANDOVER = "pv_remise", _("les procès-verbaux de remise")


class PaymentRank(TextChoices):
    """The payments that a rule is about, among those of one line of funding."""

    EVERY = "", _("tous les versements")
    FIRST = "premier", _("le premier versement")
    NEXT = "suivants", _("les versements suivants")
    LAST = "solde", _("le dernier versement prévu")


class MoveKind(TextChoices):
    """What changes what an envelope may spend."""

    VOTED = "vote", _("voté")
    ADDED = "complement", _("complété")
    CUT = "reduction", _("réduit")
    TRANSFER = "transfert", _("transféré")
    CARRY_OVER = "report", _("reporté")
