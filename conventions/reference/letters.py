"""The texts of formal letters that come with the application. Each is « à relire par le juridique »: none is in force.

Fields are those of `domain.acts.letters.fields`. A paragraph whose field may be empty is left out when it is.
"""

from dataclasses import dataclass

from conventions.enums import LetterKind

NOTE = "Texte livré avec l’application, à relire par le juridique avant de le mettre en vigueur."
_GREETING = "Nous vous prions d’agréer, Madame, Monsieur, l’expression de nos salutations distinguées."


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """One shipped text: what it is for, its object, its paragraphs."""

    code: str
    heading: str
    body: str


LETTERS = (
    LetterText(
        code=LetterKind.NOTIFICATION.value,
        heading="Notification {{ acte_de }}",
        body=f"""Madame, Monsieur,

Nous vous notifions {{{{ acte }}}}, « {{{{ titre }}}} », {{{{ signature }}}}.

Le document porte le code de vérification {{{{ code_acte }}}}. Chacun peut s’assurer, \
à l’adresse {{{{ adresse_acte }}}}, que l’exemplaire qu’il détient est celui qui a été signé.

{{{{ message }}}}

{_GREETING}
""",
    ),
    LetterText(
        code=LetterKind.NOTICE.value,
        heading="Mise en demeure avant résiliation {{ acte_de }}",
        body=f"""Madame, Monsieur,

{{{{ acte_majuscule }}}}, « {{{{ titre }}}} », {{{{ signature }}}}, lie l’OPT-NC et {{{{ partie }}}}.

Nous constatons ce qui suit :

{{{{ motif }}}}

Nous vous mettons en demeure d’y remédier dans un délai de {{{{ delai }}}} à compter de la réception de ce courrier. \
Vous pouvez, dans le même délai, nous adresser vos observations par écrit.

À défaut, l’OPT-NC pourra résilier, dans les conditions que prévoit le texte signé.

{_GREETING}
""",
    ),
    LetterText(
        code=LetterKind.PRIOR_NOTICE.value,
        heading="Préavis de résiliation {{ acte_de }}",
        body=f"""Madame, Monsieur,

{{{{ acte_majuscule }}}}, « {{{{ titre }}}} », {{{{ signature }}}}, lie l’OPT-NC et {{{{ partie }}}}.

Pour le motif d’intérêt général qui suit, l’OPT-NC a décidé d’y mettre fin :

{{{{ motif }}}}

La résiliation prendra effet le {{{{ date_effet }}}}. Le préavis, de {{{{ delai }}}} au moins, court de la réception \
de ce courrier. Ce qui a été régulièrement engagé avant cette réception demeure dû.

{_GREETING}
""",
    ),
    LetterText(
        code=LetterKind.RECEIPT.value,
        heading="Reçu au titre du mécénat",
        body="""Bénéficiaire du don : {{ partie_nom }}.

Objet de la personne bénéficiaire : {{ a_completer }}

Donateur : Office des postes et télécommunications de Nouvelle-Calédonie (OPT-NC).

Le bénéficiaire reconnaît avoir reçu, au titre {{ acte_de }}, « {{ titre }} » :

- en argent : {{ argent_recu }} ;
- en nature : {{ nature_recue }}.

Base légale : {{ base_legale }}

Le bénéficiaire délivre ce reçu sous sa responsabilité. Les deux parties le signent.
""",
    ),
)
