"""Version 2: visas, object, term, cost of the project."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import VISAS, ClauseText

_OBJECT = "Objet"
_TERM = "Durée et prise d’effet"

OPENING = (
    ClauseText(
        code=VISAS,
        position=1,
        heading="Visas",
        body="""vu {{ textes_opt }} ;

vu {{ fondement_juridique }} ;

vu {{ textes_beneficiaire }} ;

vu {{ demande }} ;

vu la {{ deliberation }} ;""",
    ),
    ClauseText(
        code="objet",
        position=10,
        heading=_OBJECT,
        body="""La présente convention a pour objet {{ objet }}

Elle fixe les engagements que chaque partie prend pour la réalisation de ce projet, dont {{ le_beneficiaire }} a l’initiative et conserve la responsabilité.""",
    ),
    ClauseText(
        code="objet",
        variant="subvention",
        position=10,
        kinds=("subvention",),
        heading=_OBJECT,
        body="""La présente convention a pour objet {{ objet }}

{{ Le_beneficiaire }} a conçu ce projet, en a l’initiative et en conserve la responsabilité. Le soutien de l’OPT-NC ne répond pas à un besoin qui lui soit propre et n’appelle pas de contrepartie directe.""",
    ),
    ClauseText(
        code="objet",
        variant="mecenat",
        position=10,
        kinds=("mecenat",),
        heading=_OBJECT,
        body="""La présente convention de mécénat a pour objet {{ objet }}

Le soutien de l’OPT-NC est apporté sans contrepartie directe, en faveur d’une action d’intérêt général dont {{ le_beneficiaire }} a l’initiative et conserve la responsabilité.""",
    ),
    ClauseText(
        code="objet",
        variant="parrainage",
        position=10,
        kinds=("parrainage",),
        heading=_OBJECT,
        body="""La présente convention de parrainage a pour objet {{ objet }}

L’OPT-NC apporte son soutien à la manifestation ou à l’action désignée ci-dessus, que {{ le_beneficiaire }} organise sous sa responsabilité, en échange des contreparties énumérées à l’article « Communication et visibilité ».""",
    ),
    ClauseText(
        code="objet",
        variant="mise_a_disposition",
        position=10,
        kinds=("mise_a_disposition",),
        heading=_OBJECT,
        body="""La présente convention a pour objet {{ objet }}

Elle fixe les conditions dans lesquelles l’OPT-NC met gracieusement à la disposition {{ du_beneficiaire }} ce qu’elle désigne. Cette mise à disposition ne transfère aucune propriété et ne confère aucun droit à son renouvellement.""",
    ),
    ClauseText(
        code="duree",
        variant="dates",
        label="Dates de début et de fin",
        position=20,
        condition="duree_datee",
        heading=_TERM,
        body="""La présente convention prend effet le {{ date_debut }} et s’achève le {{ date_fin }}.

Les obligations nées pendant cette période, en particulier celles de rendre compte et de restituer, demeurent dues après son terme.""",
    ),
    ClauseText(
        code="duree",
        variant="indeterminee",
        label="Durée indéterminée",
        position=20,
        condition="duree_indeterminee",
        heading=_TERM,
        body="""La présente convention prend effet le {{ date_debut }}. Elle est conclue pour une durée indéterminée.

Chaque partie peut y mettre fin à tout moment, par une notification écrite et motivée aux autres parties, moyennant un préavis de trois mois.""",
    ),
    ClauseText(
        code="duree",
        variant="libre",
        label="Durée rédigée librement",
        position=20,
        condition="duree_libre",
        heading=_TERM,
        body="""La durée de la présente convention est ainsi fixée : {{ duree }}.

Les obligations nées pendant cette période, en particulier celles de rendre compte et de restituer, demeurent dues après son terme.""",
    ),
    ClauseText(
        code="duree",
        variant="signature",
        label="À compter de la signature, jusqu’à l’achèvement",
        position=20,
        heading=_TERM,
        body="La présente convention prend effet à la date de la dernière signature. Elle s’achève lorsque chaque partie a rempli ses engagements.",
    ),
    ClauseText(
        code="cout_projet",
        variant="part",
        label="Coût connu, part de l’OPT-NC connue",
        position=25,
        condition="part_connue",
        heading="Coût du projet",
        body="Le coût total du projet est estimé à {{ cout_projet }} ({{ cout_projet_lettres }}), comme le détaille l’annexe « Budget du projet ». Le soutien financier de l’OPT-NC en représente {{ part_opt }}.",
    ),
    ClauseText(
        code="cout_projet",
        label="Coût connu",
        position=25,
        condition="cout_connu",
        heading="Coût du projet",
        body="Le coût total du projet est estimé à {{ cout_projet }} ({{ cout_projet_lettres }}), comme le détaille l’annexe « Budget du projet ».",
    ),
)
