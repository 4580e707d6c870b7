"""What the list of conventions exports. Rows carry `with_status`, `with_granted`, parties and areas already loaded."""

import datetime
from typing import TYPE_CHECKING

from conventions.enums import ActState, ConventionStatus
from conventions.exchange.tables import Column
from conventions.formats import join_list, show_date
from conventions.models import Act, Convention

if TYPE_CHECKING:
    from conventions.admin.conventions.amounts import GrantedConvention


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
    if act.signed_on is None:
        return act.signed_on_wording
    return show_date(act.signed_on, act.signed_on_precision)


def amount_status(convention: "GrantedConvention") -> str:
    """What the amount column says and leaves out."""
    if convention.granted_unknown:
        return "partiel" if convention.granted_known is not None else "inconnu"
    return "connu" if convention.granted_known is not None else "sans financement"


CONVENTION_COLUMNS = (
    Column("Titre", lambda row: row.title),
    Column("Référence", reference_of),
    Column("Partenaires", partners_of),
    Column("Nature", lambda row: row.kind.name),
    Column("État", lambda row: ConventionStatus(row.status_code).label),
    Column("Chargé·e de dossier", lambda row: str(row.officer) if row.officer else None),
    Column("Montant (F CFP)", lambda row: row.granted_known),
    Column("Statut du montant", amount_status),
    Column("Montants non comptés", lambda row: row.granted_unknown or None),
    Column("Accordé ou prévu", lambda row: "accordé" if row.is_signed else "prévu"),
    Column("Signée le", signed_on_text),
    Column("Début", lambda row: _term(row, "current_start", "starts_on")),
    Column("Fin", lambda row: _term(row, "current_end", "ends_on")),
    Column("Territoires", lambda row: join_list([area.name for area in row.areas.all()])),
    Column("Valeurs", lambda row: join_list([value.name for value in row.values.all()])),
    Column("Objet", lambda row: row.purpose),
    Column("Fictif", lambda row: row.is_demo),
)


def _term(convention: Convention, current: str, own: str) -> datetime.date | None:
    act = initial_act(convention)
    return getattr(convention, current) or (getattr(act, own) if act else None)
