"""What each list exports: one table of columns per list, whatever the format (`exchange.tables` writes them).

Rows come with what they need already loaded (`prefetch_related`, annotations): a column never queries.
"""

from typing import TYPE_CHECKING, Any, TypedDict

from django.utils import timezone

from conventions.domain.following import account_change, loaded_accounts
from conventions.domain.foundation.mail_catalogue import title_of
from conventions.domain.mails.log import SERVED, audience
from conventions.enums import ActState, ConventionStatus
from conventions.exchange.tables import CellValue, Column
from conventions.formats import join_list, told_date
from conventions.models import Act, Convention, Partner, Payment, Representative

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    class Speakers(TypedDict):
        representatives_in_office: list[Representative]

    SpeakingPartner = WithAnnotations[Partner, Speakers]

# Conventions `with_status`, `with_granted`, with their kind, officer, parties, acts, areas and values loaded.
CONVENTION_COLUMNS = (
    Column("Titre", lambda row: row.title),
    Column("Référence", lambda row: reference_of(row)),
    Column("Partenaires", lambda row: partners_of(row)),
    Column("Nature", lambda row: row.kind.name),
    Column("État", lambda row: ConventionStatus(row.status_code).label),
    Column("Chargé·e de dossier", lambda row: str(row.officer) if row.officer else None),
    Column("Montant (F CFP)", lambda row: row.granted_known),
    Column("Statut du montant", lambda row: amount_status(row)),
    Column("Montants non comptés", lambda row: row.granted_unknown or None),
    Column("Accordé ou prévu", lambda row: "accordé" if row.is_signed else "prévu"),
    Column("Signée le", lambda row: signed_on_text(row)),
    Column("Début", lambda row: _term(row, "current_start", "starts_on")),
    Column("Fin", lambda row: _term(row, "current_end", "ends_on")),
    Column("Territoires", lambda row: join_list([area.name for area in row.areas.all()])),
    Column("Valeurs", lambda row: join_list([value.name for value in row.values.all()])),
    Column("Objet", lambda row: row.purpose),
    Column("Fictif", lambda row: row.is_demo),
)

# Partner rows annotated with `convention_count`, with `commune__provinces` and `representatives_in_office` loaded.
PARTNER_COLUMNS = (
    Column("Nom", lambda partner: partner.name),
    Column("Sigle", lambda partner: partner.acronym),
    Column("Nature", lambda partner: str(partner.get_nature_display())),
    Column("RIDET", lambda partner: partner.ridet_normalised or partner.ridet),
    Column("RNA", lambda partner: partner.rna),
    Column("SIRET", lambda partner: partner.siret),
    Column("Fin de l’exercice comptable", lambda partner: partner.year_end),
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

# Pairs (figure, `domain.money.figures.Row`).
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
    Column("Référence", lambda row: reference_of(row.convention)),
    Column("Bénéficiaire", lambda row: row.bank_account.partner.name if row.bank_account else None),
    Column("Versement prévu", lambda row: row.instalment.label if row.instalment else None),
    Column("Montant (F CFP)", lambda row: row.amount),
    Column("Exercice", lambda row: row.budget_year),
    Column("Transmis le", lambda row: row.sent_on),
    Column("Attend depuis (jours)", lambda row: (timezone.localdate() - row.sent_on).days),
    Column("Transmis par", lambda row: str(row.position.sent_by) if row.position.sent_by else None),
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


def initial_act(convention: Convention) -> Act | None:
    """Its first act, from what is loaded."""
    return next((act for act in convention.acts.all() if act.rank == 0), None)


def reference_of(convention: Convention) -> str:
    act = initial_act(convention)
    return act.reference if act else ""


def partners_of(convention: Convention) -> str:
    return join_list(
        [
            party.partner.acronym or party.partner.name
            for party in convention.parties.all()
            if not party.partner.is_opt
        ]
    )


def signed_on_text(convention: Convention) -> str:
    """« 14 mars 2023 », « mars 2023 », or the source's own words."""
    act = initial_act(convention)
    if act is None or act.state != ActState.SIGNED:
        return ""
    return told_date(act.signed_on, act.signed_on_precision, act.signed_on_wording)


def amount_status(convention: Any) -> str:
    """What the amount column says and leaves out."""
    if convention.granted_unknown:
        return "partiel" if convention.granted_known is not None else "inconnu"
    return "connu" if convention.granted_known is not None else "sans financement"


def _term(convention: Convention, current: str, own: str) -> CellValue:
    act = initial_act(convention)
    return getattr(convention, current) or (getattr(act, own) if act else None)


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
