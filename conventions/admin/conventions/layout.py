"""The sections of a convention's page, in order: which fields and lines each holds, and how wide they are.

`part` is the part of `drafting.Scope` that opens a block. Anchors are those of the checklist of missing things.
"""

from dataclasses import dataclass, replace

from conventions.enums import ActKind, PageSection


@dataclass(frozen=True)
class FieldsSpec:
    """Fields of the convention or of the act; spans are twelfths of the row."""

    part: str
    fields: tuple[tuple[str, int], ...]
    heading: str = ""
    anchor: str = ""
    help: str = ""
    folded: bool = False


@dataclass(frozen=True)
class RowsSpec:
    """Lines of one table of `drafting.content.ROWS`."""

    key: str
    heading: str
    add: str
    help: str = ""
    anchor: str = ""
    dense: bool = False
    similar: bool = False
    paste: bool = False


@dataclass(frozen=True)
class ChangesSpec:
    """Lines in force of one table of terms, and what an amendment does to each."""

    key: str
    heading: str
    add: str
    anchor: str = ""


@dataclass(frozen=True)
class EndingSpec:
    """What a termination stops, and what remains due."""


@dataclass(frozen=True)
class UploadsSpec:
    part: str = "file"


BlockSpec = FieldsSpec | RowsSpec | ChangesSpec | EndingSpec | UploadsSpec


@dataclass(frozen=True)
class SectionSpec:
    """`name`: what a section is called on the page of a later act, when not as usual."""

    section: PageSection
    blocks: tuple[BlockSpec, ...]
    help: str = ""
    name: str = ""

    @property
    def anchor(self) -> str:
        return self.section.value

    @property
    def title(self) -> str:
        return self.name or str(self.section.label)


ESSENTIALS = SectionSpec(
    PageSection.ESSENTIALS,
    (
        FieldsSpec(
            "identity",
            (("title", 8), ("kind", 4), ("purpose", 12), ("project", 6), ("new_project", 6)),
        ),
        FieldsSpec(
            "identity",
            (("edition", 4), ("source_kind_wording", 8), ("renews", 12)),
            heading="Édition, renouvellement, mots de la source",
            folded=True,
        ),
    ),
)
PARTIES = SectionSpec(
    PageSection.PARTIES,
    (
        RowsSpec("party", "Parties", "Ajouter une partie"),
        RowsSpec(
            "signatory",
            "Signataires",
            "Ajouter un signataire",
            help="Le titre est imprimé tel quel. Pour une partie ajoutée à l’instant, enregistrez d’abord.",
        ),
        RowsSpec("attendee", "Personnes présentes, qui ne signent pas", "Ajouter une personne"),
    ),
)
TERM = SectionSpec(
    PageSection.TERM,
    (
        FieldsSpec(
            "terms",
            (
                ("term_kind", 4),
                ("starts_on", 4),
                ("ends_on", 4),
                ("term_wording", 6),
                ("effective_on", 3),
                ("ground", 5),
                ("ended_by", 4),
                ("notice_on", 3),
                ("object_text", 12),
                ("reason", 12),
            ),
        ),
    ),
)
SUPPORT = SectionSpec(
    PageSection.SUPPORT,
    (
        RowsSpec(
            "funding",
            "Financement, par exercice",
            "Ajouter un montant",
            help="« 2 000 000 », « 2 M » : les deux se lisent. Un montant inconnu reste vide ; une ligne non "
            "publiable se lit « montant non communiqué » en public.",
            dense=True,
        ),
        RowsSpec("instalmentterm", "Versements prévus", "Ajouter un versement", dense=True),
        RowsSpec("inkind", "Soutien en nature", "Ajouter un soutien en nature", dense=True),
        RowsSpec(
            "equipmentterm",
            "Matériel donné ou prêté",
            "Ajouter une ligne",
            anchor="materiel",
            help="Une ligne par appareil, ou une seule pour un lot. Quantité vide : inconnue.",
            dense=True,
            similar=True,
            paste=True,
        ),
    ),
)
DUTIES = SectionSpec(
    PageSection.DUTIES,
    (RowsSpec("obligation", "Ce que chaque partie doit faire", "Ajouter un engagement"),),
)
PROJECT = SectionSpec(
    PageSection.PROJECT,
    (
        RowsSpec(
            "budgetline",
            "Budget du projet",
            "Ajouter une ligne",
            help="Ce que coûte le projet, et qui le paie. Le public ne le lit jamais.",
            dense=True,
        ),
        RowsSpec("indicator", "Indicateurs", "Ajouter un indicateur", dense=True),
    ),
)
SIGNATURE = SectionSpec(
    PageSection.SIGNATURE,
    (
        FieldsSpec("signing", (("path", 4), ("signing_order", 4), ("place", 4))),
        FieldsSpec(
            "terms",
            (
                ("signed_on", 4),
                ("signed_on_wording", 8),
                ("old_reference", 6),
            ),
        ),
        FieldsSpec(
            "signing",
            (("board_decision", 6), ("new_decision_date", 3), ("new_decision_number", 3)),
            heading="Délibération",
            anchor="deliberation",
        ),
        FieldsSpec(
            "signing",
            (("ceremony", 6), ("new_ceremony_title", 3), ("new_ceremony_date", 3)),
            heading="Cérémonie de signature",
            anchor="ceremonie",
        ),
    ),
)
ARTICLES = SectionSpec(
    PageSection.ARTICLES,
    (
        FieldsSpec("terms", (("preamble", 12),)),
        RowsSpec(
            "clause",
            "Articles",
            "Ajouter un article",
            help="Choisis d’après le dossier. Tant que personne ne les modifie, ils le suivent à chaque "
            "enregistrement. Les champs entre accolades sont remplis à l’édition.",
        ),
    ),
)
FILES = SectionSpec(
    PageSection.FILES,
    (
        RowsSpec(
            "annex",
            "Annexes de l’acte",
            "Ajouter une annexe",
            anchor="annexes",
            help="Un PDF ou une image parmi les pièces ci-dessous, déjà enregistrées. L’acte figé le contient, sous "
            "son sceau : titre, pages et empreinte y sont imprimés. Jamais un RIB.",
        ),
        RowsSpec("attachment", "Pièces", ""),
        UploadsSpec(),
    ),
)
SOURCES = SectionSpec(
    PageSection.SOURCES,
    (
        RowsSpec(
            "source",
            "D’où viennent les faits publiés",
            "Ajouter une source",
            help="Deux sources peuvent se contredire : gardez les deux.",
        ),
    ),
)
PUBLIC = SectionSpec(
    PageSection.PUBLIC,
    (
        FieldsSpec("public", (("public_summary", 12), ("public_story", 12), ("press_contact", 6))),
        RowsSpec("photo", "Photos", "Ajouter une photo"),
    ),
)
CLASSIFICATION = SectionSpec(
    PageSection.CLASSIFICATION,
    (
        FieldsSpec("file", (("values", 4), ("themes", 8))),
        FieldsSpec("file", (("areas", 12),)),
        FieldsSpec("file", (("plan", 6), ("final_beneficiaries", 6), ("new_beneficiaries", 6))),
    ),
)
INTERNAL = SectionSpec(
    PageSection.INTERNAL,
    (FieldsSpec("file", (("officer", 6), ("notes", 12), ("interests_note", 12))),),
)

CHANGES = SectionSpec(
    PageSection.SUPPORT,
    (
        ChangesSpec("funding", "Financement, par exercice", "Ajouter un montant"),
        ChangesSpec("instalmentterm", "Versements prévus", "Ajouter un versement"),
        ChangesSpec("inkind", "Soutien en nature", "Ajouter un soutien en nature"),
        ChangesSpec(
            "equipmentterm", "Matériel donné ou prêté", "Ajouter une ligne de matériel", anchor="materiel"
        ),
        ChangesSpec(
            "obligation", "Ce que chaque partie doit faire", "Ajouter un engagement", anchor="engagements"
        ),
        ChangesSpec("budgetline", "Budget du projet", "Ajouter une ligne", anchor="projet"),
        ChangesSpec("indicator", "Indicateurs", "Ajouter un indicateur"),
        ChangesSpec("clause", "Articles de la convention", "Ajouter un article à la convention"),
    ),
    help="Les lignes en vigueur, et ce que l’avenant fait de chacune. Chaque changement est enregistré aussitôt.",
    name="Ce que l’avenant change",
)
OWN_ARTICLES = SectionSpec(
    PageSection.ARTICLES,
    (
        FieldsSpec("terms", (("preamble", 12),)),
        RowsSpec(
            "clause",
            "Articles de l’avenant lui-même",
            "Ajouter un article à l’avenant",
            help="Choisis d’après le dossier. Pour changer un article de la convention, voyez « Ce que l’avenant "
            "change ».",
        ),
    ),
    name="Préambule et articles de l’avenant",
)
ENDING = SectionSpec(PageSection.SUPPORT, (EndingSpec(),), name="Ce qui s’arrête, ce qui reste dû")
SETTLEMENT = SectionSpec(
    PageSection.DUTIES,
    (
        RowsSpec("instalmentterm", "Versements encore dus", "Ajouter un versement", dense=True),
        RowsSpec("obligation", "Ce que chaque partie doit encore faire", "Ajouter un engagement"),
    ),
    help="À remplir s’il reste des comptes à régler après la résiliation.",
    name="Règlement des comptes",
)

SECTIONS = (
    ESSENTIALS,
    PARTIES,
    TERM,
    SUPPORT,
    DUTIES,
    PROJECT,
    SIGNATURE,
    ARTICLES,
    FILES,
    SOURCES,
    PUBLIC,
    CLASSIFICATION,
    INTERNAL,
)
_LATER = (FILES, SOURCES, PUBLIC, CLASSIFICATION, INTERNAL)
SECTIONS_BY_KIND = {
    ActKind.INITIAL: SECTIONS,
    ActKind.AMENDMENT: (
        ESSENTIALS,
        PARTIES,
        replace(TERM, name="Durée et motif de l’avenant"),
        CHANGES,
        SIGNATURE,
        OWN_ARTICLES,
        *_LATER,
    ),
    ActKind.TERMINATION: (
        ESSENTIALS,
        PARTIES,
        replace(TERM, name="Date d’effet et motif"),
        ENDING,
        SETTLEMENT,
        SIGNATURE,
        replace(ARTICLES, name="Préambule et articles de la résiliation"),
        *_LATER,
    ),
}
