"""What each list exports: one table of columns per list, whatever the format (`exchange.tables` writes them).

Rows come with what they need already loaded (`prefetch_related`, annotations): a column never queries.
"""

from typing import TYPE_CHECKING, TypedDict

from django.utils import timezone

from conventions.domain.following import account_change, loaded_accounts
from conventions.domain.foundation.mail_catalogue import title_of
from conventions.domain.mails.log import SERVED, audience
from conventions.exchange.tables import Column
from conventions.formats import join_list
from conventions.models import Partner, Payment, Representative

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Speakers(TypedDict):
        representatives_in_office: list[Representative]

    SpeakingPartner = WithAnnotations[Partner, Speakers]

# Partner rows annotated with `convention_count`, with `commune__provinces` and `representatives_in_office` loaded.
PARTNER_COLUMNS = (
    Column("Nom", lambda partner: partner.name),
    Column("Sigle", lambda partner: partner.acronym),
    Column("Nature", lambda partner: str(partner.get_nature_display())),
    Column("RIDET", lambda partner: partner.ridet_normalised or partner.ridet),
    Column("RNA", lambda partner: partner.rna),
    Column("SIRET", lambda partner: partner.siret),
    Column("Adresse", lambda partner: partner.address),
    Column("Code postal", lambda partner: partner.postal_code),
    Column("Commune", lambda partner: partner.commune.name if partner.commune else None),
    Column("Province", lambda partner: provinces_of(partner)),
    Column("Pays", lambda partner: partner.country),
    Column("Courriel", lambda partner: partner.email),
    Column("Téléphone", lambda partner: partner.phone),
    Column("Site internet", lambda partner: partner.website),
    Column("Représentants en fonction", lambda partner: representatives_of(partner)),
    Column("Conventions", lambda partner: partner.convention_count),
    Column("Fictif", lambda partner: partner.is_demo),
)

# Clause templates annotated with `act_count`, with `kinds` loaded.
CLAUSE_TEMPLATE_COLUMNS = (
    Column("Pour", lambda row: str(row.get_act_kind_display())),
    Column("Rang", lambda row: row.position),
    Column("Article", lambda row: row.code),
    Column("Variante", lambda row: row.variant),
    Column("Version", lambda row: row.version),
    Column("État", lambda row: str(row.get_state_display())),
    Column("En vigueur depuis", lambda row: row.in_force_since),
    Column("Retiré le", lambda row: row.retired_at),
    Column("Natures", lambda row: ", ".join(kind.name for kind in row.kinds.all())),
    Column("Condition", lambda row: row.condition),
    Column("Titre", lambda row: row.heading),
    Column("Texte", lambda row: row.body),
    Column("Note", lambda row: row.note),
    Column("Actes", lambda row: row.act_count),
)

# Pairs (figure, `domain.statistics.Row`).
FIGURE_COLUMNS = (
    Column("Chiffre", lambda pair: pair[0]),
    Column("Année", lambda pair: pair[1].year),
    Column("Convention", lambda pair: pair[1].convention),
    Column("Nature", lambda pair: pair[1].kind),
    Column("Libellé", lambda pair: pair[1].label),
    Column("Montant (F CFP)", lambda pair: pair[1].certain),
    Column("Précision", lambda pair: pair[1].text if pair[1].certain is None else None),
    Column("Fictif", lambda pair: pair[1].is_demo),
)

# Triples (`worklist.Section`, `worklist.Task`, today).
TODO_COLUMNS = (
    Column("Rubrique", lambda row: row[0].title),
    Column("Dossier", lambda row: row[1].title),
    Column("Précision", lambda row: row[1].why),
    Column("Depuis", lambda row: row[1].since),
    Column("Échéance", lambda row: row[1].due),
    Column("En retard", lambda row: row[1].is_late(row[2])),
    Column("Attend une autre personne", lambda row: row[0].others),
    Column("Fictif", lambda row: row[1].is_demo),
)

# Mails with their convention.
MAIL_COLUMNS = (
    Column("Courriel", lambda row: title_of(row.template)),
    Column("Pour qui", lambda row: audience(row)),
    Column("Convention", lambda row: row.convention.title if row.convention else None),
    Column("État", lambda row: str(row.get_state_display())),
    Column("Personnes servies", lambda row: len(row.params.get(SERVED, []))),
    Column("Essais", lambda row: row.attempts),
    Column("Erreur", lambda row: row.error),
    Column("Demandé le", lambda row: row.created_at),
    Column("Envoyé le", lambda row: row.sent_at),
)

# Payments `with_budget_year`, with their convention, its acts, its partners and their accounts loaded.
PAYMENT_COLUMNS = (
    Column("Convention", lambda row: row.convention.title),
    Column(
        "Référence", lambda row: next((a.reference for a in row.convention.acts.all() if a.rank == 0), "")
    ),
    Column("Bénéficiaire", lambda row: row.bank_account.partner.name if row.bank_account else None),
    Column("Versement prévu", lambda row: row.instalment.label if row.instalment else None),
    Column("Montant (F CFP)", lambda row: row.amount),
    Column("Exercice", lambda row: row.budget_year),
    Column("Transmis le", lambda row: row.sent_on),
    Column("Attend depuis (jours)", lambda row: (timezone.localdate() - row.sent_on).days),
    Column("Transmis par", lambda row: str(row.recorded_by) if row.recorded_by else None),
    Column(
        "Chargé·e de dossier", lambda row: str(row.convention.officer) if row.convention.officer else None
    ),
    Column("Compte", lambda row: str(row.bank_account) if row.bank_account else None),
    Column("Compte à vérifier", lambda row: " ".join(changed_account(row))),
    Column("Fictif", lambda row: row.convention.is_demo),
)

# Delegations with their two people loaded.
DELEGATION_COLUMNS = (
    Column("Personne absente", lambda row: str(row.absent)),
    Column("Du", lambda row: row.starts_on),
    Column("Au", lambda row: row.ends_on),
    Column("Remplacée par", lambda row: str(row.deputy) if row.deputy else None),
    Column("Titre à imprimer", lambda row: row.printed_title),
    Column("Forme", lambda row: str(row.get_kind_display())),
    Column("Texte de référence", lambda row: row.basis),
    Column("Fictive", lambda row: row.is_demo),
)


def changed_account(payment: Payment) -> tuple[str, ...]:
    """What changed of the account since the payment was sent, in French sentences."""
    change = account_change(payment, loaded_accounts(payment.convention))
    return change.sentences if change is not None else ()


def provinces_of(partner: Partner) -> str:
    """« Province Nord et Province Sud », empty when the commune is not known."""
    return join_list([area.name for area in partner.commune.provinces.all()]) if partner.commune else ""


def representatives_of(partner: "SpeakingPartner") -> str:
    """« Laurent CALLEJA, président », one per line."""
    return "\n".join(
        f"{person}, {person.title}" if person.title else str(person)
        for person in partner.representatives_in_office
    )
