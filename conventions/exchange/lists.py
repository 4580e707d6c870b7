"""What editable lists, accounts and desks export: one table of columns each (`exchange.tables` writes them).

Rows come with what they need already loaded (annotations, related rows): a column never queries.
"""

from typing import TYPE_CHECKING

from conventions.domain.publication import embargo
from conventions.enums import PressState, Role, ScanState, TemplateState
from conventions.exchange.tables import Column
from conventions.formats import join_list, told_date
from conventions.models import PressRelease, PublicSheet, User

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_NAMED = (
    Column("Nom", lambda row: row.name),
    Column("Description", lambda row: row.description),
)
_PROPOSED = (
    Column("Rang", lambda row: row.position),
    Column("Proposé à la saisie", lambda row: row.active),
)
_IN_CONVENTIONS = Column("Conventions", lambda row: row.use_count)

# Items of an editable list annotated with `use_count`.
NAMED_COLUMNS = (*_NAMED, *_PROPOSED, _IN_CONVENTIONS)
KIND_COLUMNS = (
    *_NAMED,
    Column("Titre de l’acte", lambda row: row.agreement_title),
    Column("Fondement juridique", lambda row: row.legal_basis),
    *_PROPOSED,
    _IN_CONVENTIONS,
)
SUPPORT_KIND_COLUMNS = (
    *_NAMED,
    Column("Comportement", lambda row: str(row.get_behaviour_display())),
    *_PROPOSED,
    Column("Soutiens", lambda row: row.use_count),
)
# With their values loaded.
PLAN_COLUMNS = (
    *_NAMED,
    Column("Début", lambda row: row.starts_on),
    Column("Fin", lambda row: row.ends_on),
    Column("Valeurs", lambda row: join_list([value.name for value in row.values.all()])),
    *_PROPOSED,
    _IN_CONVENTIONS,
)
# With their provinces loaded.
AREA_COLUMNS = (
    Column("Nom", lambda row: row.name),
    Column("Niveau", lambda row: str(row.get_level_display())),
    Column("Provinces", lambda row: join_list([area.name for area in row.provinces.all()])),
    Column("Code INSEE", lambda row: row.insee_code),
    Column("Code postal proposé", lambda row: row.postal_code),
    Column("Rang", lambda row: row.position),
)
THRESHOLD_COLUMNS = (
    Column("Règle", lambda row: row.label),
    Column("Code", lambda row: row.code),
    Column("Montant (F CFP)", lambda row: row.amount),
    Column("En vigueur depuis", lambda row: row.effective_from),
    Column("Source", lambda row: row.source),
    Column("À confirmer par le juridique", lambda row: row.to_confirm),
)
# With their kind loaded.
PAPER_RULE_COLUMNS = (
    Column("Pièce", lambda row: str(row.get_paper_display())),
    Column("Pour", lambda row: str(row.get_rank_display())),
    Column("Type de soutien", lambda row: row.kind.name if row.kind else "tous"),
    Column("À partir du", lambda row: row.effective_from),
    Column("Jusqu’au", lambda row: row.ends_on),
    Column("Source", lambda row: row.source),
    Column("À confirmer par l’agent comptable", lambda row: row.to_confirm),
)
DECLARED_YEAR_COLUMNS = (
    Column("Année", lambda row: row.year),
    Column("Partenariats déclarés", lambda row: row.partnerships),
    Column("Montant déclaré (F CFP)", lambda row: row.amount),
    Column("Source", lambda row: row.source),
    Column("Adresse", lambda row: row.url),
    Column("Publiée le", lambda row: row.published_on),
    Column("Publiable", lambda row: row.publishable),
)
PRESS_CONTACT_COLUMNS = (
    Column("Prénom", lambda row: row.first_name),
    Column("Nom", lambda row: row.last_name),
    Column("Fonction", lambda row: row.title),
    Column("Téléphones", lambda row: row.phones),
    Column("Courriel", lambda row: row.email),
    Column("Proposé à la saisie", lambda row: row.active),
)
DECISION_COLUMNS = (
    Column("Numéro", lambda row: row.number),
    Column("Date", lambda row: row.decided_on),
    Column("Intitulé", lambda row: row.title),
    Column("Organe", lambda row: row.body),
    Column("Actes autorisés", lambda row: row.use_count),
    Column("Fictive", lambda row: row.is_demo),
)
CEREMONY_COLUMNS = (
    Column("Intitulé", lambda row: row.title),
    Column("Date", lambda row: row.held_on),
    Column("Lieu", lambda row: row.place),
    Column("Résumé public", lambda row: row.public_summary),
    _IN_CONVENTIONS,
    Column("Fictive", lambda row: row.is_demo),
)
# With their holder, area and co-funders loaded.
PROJECT_COLUMNS = (
    Column("Projet", lambda row: row.name),
    Column("Porteur", lambda row: row.holder.name if row.holder else None),
    Column("Description publique", lambda row: row.description),
    Column("Lieu", lambda row: row.place),
    Column("Territoire", lambda row: row.area.name if row.area else None),
    Column("Co-financeurs", lambda row: join_list([partner.name for partner in row.cofunders.all()])),
    Column("Fictif", lambda row: row.is_demo),
)

# Accounts with their groups and second factor loaded.
USER_COLUMNS = (
    Column("Prénom", lambda row: row.first_name),
    Column("Nom", lambda row: row.last_name),
    Column("Fonction", lambda row: row.job_title),
    Column("Qui", lambda row: str(who(row))),
    Column("Rôles", lambda row: roles_of(row)),
    Column("Courriel", lambda row: row.email),
    Column("Téléphone", lambda row: row.phone),
    Column("Second facteur", lambda row: str(factor_of(row))),
    Column("Compte ouvert", lambda row: row.is_active),
    Column("Dernière connexion", lambda row: row.last_login),
    Column("Fictif", lambda row: row.is_demo),
)

# Templates annotated with `act_count`, with `kinds` loaded.
AGREEMENT_TEMPLATE_COLUMNS = (
    Column("Nom", lambda row: row.name),
    Column("Code", lambda row: row.code),
    Column("Pour", lambda row: str(row.get_act_kind_display())),
    Column("Natures", lambda row: join_list([kind.name for kind in row.kinds.all()])),
    Column("Version", lambda row: row.version),
    Column("État", lambda row: str(TemplateState(row.state).label)),
    Column("En vigueur depuis", lambda row: row.in_force_since),
    Column("Retiré le", lambda row: row.retired_at),
    Column("Note", lambda row: row.note),
    Column("Actes", lambda row: row.act_count),
)
LETTER_TEMPLATE_COLUMNS = (
    Column("Courrier", lambda row: str(row.get_code_display())),
    Column("Version", lambda row: row.version),
    Column("État", lambda row: str(TemplateState(row.state).label)),
    Column("En vigueur depuis", lambda row: row.in_force_since),
    Column("Retiré le", lambda row: row.retired_at),
    Column("Objet", lambda row: row.heading),
    Column("Texte", lambda row: row.body),
    Column("Note", lambda row: row.note),
)

# Batches annotated with `file_count`, `part_count`, `filed_count`, with who sent them loaded.
SCAN_BATCH_COLUMNS = (
    Column("Envoyé le", lambda row: row.created_at),
    Column("Envoyé par", lambda row: str(row.created_by)),
    Column("Fichiers", lambda row: row.file_count),
    Column("Exemplaires trouvés", lambda row: row.part_count),
    Column("Exemplaires classés", lambda row: row.filed_count),
    Column("État", lambda row: str(ScanState(row.state).label)),
    Column("Fini le", lambda row: row.ended_at),
)
# With who brought them loaded.
IMPORT_COLUMNS = (
    Column("Fichier", lambda row: row.name),
    Column("Contenu", lambda row: str(row.get_kind_display())),
    Column("Apporté par", lambda row: str(row.created_by)),
    Column("Apporté le", lambda row: row.created_at),
    Column("Repris le", lambda row: row.touched_at),
)

# Current sheets with who published them loaded.
SHEET_COLUMNS = (
    Column("Titre", lambda row: row.title),
    Column("Résumé", lambda row: row.summary),
    Column("Nature", lambda row: row.kind_label),
    Column("Signée le", lambda row: told_date(row.signed_on, row.signed_on_precision, "")),
    Column("État", lambda row: str(sheet_state(row))),
    Column("Version", lambda row: row.version),
    Column("Publiée le", lambda row: row.published_at),
    Column("Publiée par", lambda row: str(row.published_by) if row.published_by else None),
    Column("Sous embargo jusqu’au", lambda row: row.embargo_until),
    Column("Retirée le", lambda row: row.withdrawn_at),
    Column("Fictive", lambda row: row.is_demo),
)
# With their convention and their ceremony loaded.
RELEASE_COLUMNS = (
    Column("Titre", lambda row: row.title),
    Column("Date", lambda row: row.dateline),
    Column("Lieu", lambda row: row.place),
    Column("À propos de", lambda row: str(row.convention or row.ceremony)),
    Column("État", lambda row: str(release_state(row))),
    Column("Publié le", lambda row: row.published_at),
    Column("Sous embargo jusqu’au", lambda row: row.embargo_until),
    Column("Fictif", lambda row: row.is_demo),
)

EMBARGOED = "sous embargo"
WITHDRAWN, ONLINE = "retirée", "en ligne"


def sheet_state(sheet: PublicSheet) -> str:
    """Where a page stands for the public."""
    if sheet.withdrawn_at:
        return WITHDRAWN
    return EMBARGOED if embargo.runs_until(sheet) else ONLINE


def release_state(release: PressRelease) -> "StrOrPromise":
    """Where a release stands for the public."""
    if release.state == PressState.PUBLISHED and embargo.runs_until(release):
        return EMBARGOED
    return PressState(release.state).label


def who(user: User) -> str:
    return "OPT-NC" if user.is_staff else "partenaire"


def roles_of(user: User) -> str:
    """« administrateur, juridique », from the groups already loaded."""
    labels = dict(Role.choices)
    names = [str(labels.get(group.name, group.name)) for group in user.groups.all()]
    return ", ".join(["administrateur"] * user.is_superuser + names)


def factor_of(user: User) -> str:
    if not user.is_staff:
        return "code par courriel"
    return "actif" if has_factor(user) else "absent"


def has_factor(user: User) -> bool:
    found = getattr(user, "second_factor", None)
    return bool(found and found.confirmed_at)
