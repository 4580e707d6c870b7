"""Version 2: amendments and terminations."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import AMENDMENT, TERMINATION, VISAS, ClauseText

# A support that is not one certain amount: the table and what each status means.
_OTHER_AMOUNTS = (
    ("plafonne", "Montant plafonné", "montant_plafonne"),
    ("selon_resultat", "Montant selon résultat", "montant_selon_resultat"),
    ("a_determiner", "Montant à déterminer", "montant_a_determiner"),
    ("montants_divers", "Montants de statuts différents", "montants_divers"),
)


def _visas(act_kind: str) -> ClauseText:
    """What the act changes first, then who decided."""
    return ClauseText(
        code=VISAS,
        position=1,
        act_kind=act_kind,
        heading="Visas",
        body="""vu {{ textes_opt }} ;

vu la {{ convention_visee }} ;

vu la {{ deliberation }} ;""",
    )


AMENDMENT_CLAUSES = (
    _visas(AMENDMENT),
    ClauseText(
        code="avenant_objet",
        position=10,
        act_kind=AMENDMENT,
        heading="Objet de l’avenant",
        body="Le présent avenant modifie la {{ convention_visee }}. Il a pour objet {{ objet }}",
    ),
    ClauseText(
        code="avenant_modifications",
        position=20,
        act_kind=AMENDMENT,
        condition="modifications_listees",
        heading="Modifications",
        body="""Les stipulations de la convention sont modifiées comme suit :

{{ tableau_modifications }}""",
    ),
    ClauseText(
        code="avenant_financement",
        variant="connu",
        label="Montant connu",
        position=30,
        act_kind=AMENDMENT,
        condition="montant_connu",
        heading="Soutien financier prévu par l’avenant",
        body="""Au titre du présent avenant, l’OPT-NC apporte {{ au_beneficiaire }} un soutien financier d’un montant de {{ montant_total }} ({{ montant_total_lettres }}), réparti comme suit :

{{ tableau_financements }}""",
    ),
    ClauseText(
        code="avenant_financement",
        variant="non_communique",
        label="Montant non communiqué",
        position=30,
        act_kind=AMENDMENT,
        condition="montant_non_communique",
        heading="Soutien financier prévu par l’avenant",
        body="Au titre du présent avenant, l’OPT-NC apporte {{ au_beneficiaire }} un soutien financier dont le montant n’est pas communiqué.",
    ),
    *(
        ClauseText(
            code="avenant_financement",
            variant=variant,
            label=label,
            position=30,
            act_kind=AMENDMENT,
            condition=condition,
            heading="Soutien financier prévu par l’avenant",
            body="""Au titre du présent avenant, l’OPT-NC apporte {{ au_beneficiaire }} le soutien financier suivant :

{{ tableau_financements }}

Ce soutien s’entend ainsi :

{{ regles_montants }}""",
        )
        for variant, label, condition in _OTHER_AMOUNTS
    ),
    ClauseText(
        code="avenant_duree",
        position=40,
        act_kind=AMENDMENT,
        condition="duree_datee",
        heading="Durée",
        body="La période couverte par la convention, telle que modifiée, va du {{ date_debut }} au {{ date_fin }}.",
    ),
    ClauseText(
        code="avenant_maintien",
        position=50,
        act_kind=AMENDMENT,
        heading="Autres stipulations",
        body="Toutes les stipulations de la convention que le présent avenant ne modifie pas demeurent en vigueur.",
    ),
    ClauseText(
        code="avenant_effet",
        position=60,
        act_kind=AMENDMENT,
        heading="Prise d’effet",
        body="Le présent avenant prend effet à la date de la dernière signature.",
    ),
)

# Decided by one party, which signs alone; the reason is always told.
_BY_ONE_PARTY = (
    (
        "faute",
        "Faute d’une partie, après mise en demeure",
        "La mise en demeure reçue le {{ date_notification }} étant restée sans effet dans le délai de trente jours, {{ partie_qui_resilie }} résilie la {{ convention_visee }}.",
    ),
    (
        "interet_general",
        "Motif d’intérêt général",
        "Pour un motif d’intérêt général, {{ partie_qui_resilie }} met fin à la {{ convention_visee }}. Le préavis en a été reçu le {{ date_notification }}, au moins deux mois avant la date d’effet.",
    ),
    (
        "force_majeure",
        "Force majeure",
        "Un cas de force majeure rendant son exécution impossible depuis plus de trois mois, {{ partie_qui_resilie }} met fin à la {{ convention_visee }}. Aucune partie n’en doit réparation.",
    ),
)

# (variant, label, what the beneficiary does, whether payments stop): only what the convention in force brought.
_ACCOUNTS = (
    ("", "", "rend compte de ce qui a été reçu", False),
    (
        "argent",
        "Soutien financier, sans prêt",
        "rend compte de l’emploi des sommes reçues et restitue, s’il y en a, celles qui n’ont pas été employées",
        True,
    ),
    ("prets", "Biens prêtés, sans soutien financier", "restitue les biens prêtés", False),
    (
        "argent_et_prets",
        "Soutien financier et biens prêtés",
        "rend compte de l’emploi des sommes reçues, restitue, s’il y en a, celles qui n’ont pas été employées, et restitue les biens prêtés",
        True,
    ),
)
_NO_MORE = """

Aucun versement n’est dû après la date d’effet, à l’exception de ceux dont les conditions étaient déjà remplies."""

TERMINATION_CLAUSES = (
    _visas(TERMINATION),
    ClauseText(
        code="resiliation_objet",
        position=10,
        act_kind=TERMINATION,
        heading="Objet",
        body="D’un commun accord, les parties mettent fin à la {{ convention_visee }}. Le motif en est le suivant : {{ objet }}",
    ),
    *(
        ClauseText(
            code="resiliation_objet",
            variant=variant,
            label=label,
            position=10,
            act_kind=TERMINATION,
            condition=f"resiliation_{variant}",
            heading="Objet",
            body=f"""{body}

Le motif en est le suivant : {{{{ objet }}}}""",
        )
        for variant, label, body in _BY_ONE_PARTY
    ),
    ClauseText(
        code="resiliation_effet",
        variant="date",
        label="À une date fixée",
        position=20,
        act_kind=TERMINATION,
        condition="fin_connue",
        heading="Date d’effet",
        body="La résiliation prend effet le {{ date_fin }}.",
    ),
    ClauseText(
        code="resiliation_effet",
        variant="signature",
        label="À la signature",
        position=20,
        act_kind=TERMINATION,
        heading="Date d’effet",
        body="La résiliation prend effet à la date de la dernière signature du présent acte.",
    ),
    *(
        ClauseText(
            code="resiliation_comptes",
            variant=variant,
            label=label,
            position=30,
            act_kind=TERMINATION,
            condition=f"comptes_{variant}" if variant else "",
            heading="Comptes entre les parties",
            body=f"Les parties arrêtent leurs comptes dans les deux mois qui suivent la date d’effet. {{{{ Le_beneficiaire }}}} {duty}.{_NO_MORE if paid else ''}",
        )
        for variant, label, duty, paid in _ACCOUNTS
    ),
    ClauseText(
        code="resiliation_suites",
        position=40,
        act_kind=TERMINATION,
        heading="Obligations maintenues",
        body="Les stipulations relatives au contrôle, aux données personnelles, aux litiges et à l’usage du matériel donné continuent de s’appliquer.",
    ),
)
