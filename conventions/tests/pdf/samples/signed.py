"""Fictitious acts and handovers."""

# ruff: noqa: E501 (sentences stay whole)

from dataclasses import replace
from datetime import date

from conventions.domain.documents import merge_fields, promises
from conventions.domain.documents.context import (
    AgreementContext,
    AmendedActContext,
    BoardDecisionContext,
    ChangeContext,
    ClauseContext,
    EquipmentContext,
    FundingContext,
    HandoverContext,
    HandoverItemContext,
    InKindContext,
    InstalmentContext,
    ObligationContext,
    PartialDate,
    PartyContext,
    SignatoryContext,
    TermContext,
)
from conventions.reference.clauses import propose

OPT = PartyContext(
    role="opt",
    role_label="OPT-NC",
    name="Office des postes et télécommunications de Nouvelle-Calédonie",
    short_name="l’OPT-NC",
    nature="etablissement_public",
    nature_label="établissement public",
    gender="m",
    presentation="établissement public de la Nouvelle-Calédonie",
    address=("Nouméa",),
    signatories=(
        SignatoryContext(
            civility="mme",
            first_name="Alix",
            last_name="DE FICTIF",
            order=1,
            title="présidente fictive du conseil d’administration",
        ),
        SignatoryContext(
            civility="m",
            first_name="Jean-Noël",
            last_name="BESSARD FICTIF",
            order=2,
            title="directeur général par intérim fictif",
            capacity="par délégation du 2 février 2026",
        ),
    ),
)
ASSOCIATION = PartyContext(
    role="beneficiaire",
    role_label="bénéficiaire",
    name="Association fictive Les Voiles du Récif",
    short_name="l’Association",
    nature="association",
    nature_label="association",
    gender="f",
    presentation="association régie par la loi du 1er juillet 1901",
    identifiers=("RIDET 0000000.001 (fictif)", "RNA W9N0000000 (fictif)"),
    address=("12 rue Fictive", "98800 Nouméa"),
    signatories=(
        SignatoryContext(
            civility="mme", first_name="Éloïse", last_name="WAMYTAN FICTIVE", title="présidente"
        ),
    ),
)
COMMITTEE = PartyContext(
    role="cofinanceur",
    role_label="co-financeur",
    name="Comité fictif du sport solidaire",
    short_name="le Comité",
    gender="m",
    address=("98850 Koumac",),
    signatories=(
        SignatoryContext(
            civility="m", first_name="Ousmane", last_name="ŒUVRARD FICTIF", title="secrétaire général"
        ),
    ),
)
TOWN = PartyContext(
    role="organisateur",
    role_label="organisateur",
    name="Commune fictive du Grand Sud",
    short_name="la Commune",
    gender="f",
    signatories=(SignatoryContext(first_name="Claude", last_name="FICTIF", title="maire"),),
)


def equipment(count: int = 10) -> tuple[EquipmentContext, ...]:
    """Retired computers; one line in five has no known value."""
    return tuple(
        EquipmentContext(
            number=number,
            nature="Ordinateur de bureau" if number % 3 else "Écran 24 pouces",
            brand="Marque fictive",
            model=f"Modèle {800 + number % 4}",
            serial=f"FICTIF-{number:05d}",
            tag=f"INV-{2000 + number}",
            purchased=PartialDate(value=date(2018, 4, 1), precision="mois"),
            value=None if number % 5 == 0 else 12500,
            place="Dépôt fictif de Ducos",
            pickup_deadline=date(2026, 6, 1),
        )
        for number in range(1, count + 1)
    )


def with_clauses(ctx: AgreementContext) -> AgreementContext:
    """The context with the default clauses that its own facts call for."""
    texts = propose(ctx.kind, ctx.act_kind, promises.facts(ctx))
    clauses = tuple(
        ClauseContext(
            code=t.code, heading=t.heading, body=merge_fields.resolve(t.body, ctx), variant=t.variant
        )
        for t in texts
    )
    return replace(ctx, clauses=clauses)


def bare_agreement(**changes: object) -> AgreementContext:
    """A complete fictitious partnership without its clauses."""
    ctx = AgreementContext(
        title="Voiles solidaires : apprendre à naviguer (exemple fictif)",
        kind="partenariat",
        kind_label="Convention de partenariat",
        reference="2026-014",
        is_draft=False,
        path="papier",
        project="Voiles solidaires (fictif)",
        object="le soutien de l’OPT-NC au projet fictif « Voiles solidaires », qui fait découvrir la voile à des enfants de quartiers éloignés du lagon.",
        parties=(OPT, ASSOCIATION),
        visas=(
            "vu la délibération n° 2026-03 (fictive) du conseil d’administration de l’OPT-NC du 3 mars 2026 ;",
            "vu les statuts de l’Association ;",
            "vu la demande présentée par l’Association le 14 novembre 2025 ;",
        ),
        recitals=(
            "Considérant que l’Association est à l’initiative du projet, qu’elle en définit seule le contenu et qu’elle en assure la réalisation ;",
            "Considérant que ce projet rejoint les valeurs de cohésion et de responsabilité que l’OPT-NC promeut au travers de ses partenariats ;",
        ),
        term=TermContext(
            kind="dates", start=PartialDate(value=date(2026, 4, 1)), end=PartialDate(value=date(2027, 3, 31))
        ),
        fundings=(
            FundingContext(
                amount=1_200_000,
                status="connu",
                budget_year=2026,
                label="Matériel nautique et encadrement",
                publishable=True,
            ),
            FundingContext(
                amount=800_000, status="connu", budget_year=2027, label="Encadrement", publishable=False
            ),
        ),
        instalments=(
            InstalmentContext(
                order=1,
                amount=1_200_000,
                due=PartialDate(value=date(2026, 5, 1), precision="mois"),
                condition="à la signature",
            ),
            InstalmentContext(
                order=2,
                amount=800_000,
                due=PartialDate(value=date(2027, 2, 1)),
                condition="sur présentation du bilan intermédiaire",
            ),
        ),
        in_kind=(
            InKindContext(
                kind="competences",
                kind_label="Compétences",
                label="atelier de formation à la bureautique",
                quantity=3,
                unit="demi-journées",
                value=90_000,
            ),
        ),
        equipment=equipment(10),
        obligations=(
            ObligationContext(party="l’Association", label="organiser au moins vingt sorties encadrées"),
            ObligationContext(
                party="l’Association",
                label="remettre le compte rendu d’emploi",
                kind="compte_rendu",
                due=PartialDate(value=date(2027, 6, 30)),
            ),
        ),
        annexes=("Projet de l’Association", "Budget prévisionnel", "Indicateurs d’évaluation"),
        board_decision=BoardDecisionContext(
            number="2026-03 (fictive)", decided_on=PartialDate(value=date(2026, 3, 3))
        ),
        dpo_contact="protection.donnees@exemple.invalid",
        place="Nouméa",
    )
    return replace(ctx, **changes)  # type: ignore[arg-type]


def agreement(**changes: object) -> AgreementContext:
    """A complete fictitious partnership with the clauses that its facts call for."""
    return with_clauses(bare_agreement(**changes))


def amendment(**changes: object) -> AgreementContext:
    """Amendment 1, which adds a year of funding."""
    ctx = bare_agreement(
        title="Prolongation de « Voiles solidaires » (exemple fictif)",
        act_kind="avenant",
        act_number=1,
        reference="2026-014-A1",
        object="prolonger d’un an le projet et le soutien de l’OPT-NC.",
        amends=AmendedActContext(
            reference="2026-014",
            title="Voiles solidaires (exemple fictif)",
            signed_on=PartialDate(value=date(2026, 4, 14)),
        ),
        changes=(
            ChangeContext(label="Fin de la convention", before="31 mars 2027", after="31 mars 2028"),
            ChangeContext(label="Soutien financier 2028", before="—", after="800 000 F CFP"),
        ),
        term=TermContext(
            kind="dates", start=PartialDate(value=date(2026, 4, 1)), end=PartialDate(value=date(2028, 3, 31))
        ),
        fundings=(FundingContext(amount=800_000, status="connu", budget_year=2028),),
        instalments=(),
        in_kind=(),
        equipment=(),
        recitals=(),
    )
    return with_clauses(replace(ctx, **changes))  # type: ignore[arg-type]


def termination(**changes: object) -> AgreementContext:
    """A termination by mutual agreement."""
    ctx = amendment(
        title="Fin de « Voiles solidaires » (exemple fictif)",
        act_kind="resiliation",
        act_number=None,
        reference="2026-014-R",
        object="l’Association cesse son activité.",
        changes=(),
        fundings=(),
        obligations=(),
        annexes=(),
    )
    return with_clauses(replace(ctx, **changes))  # type: ignore[arg-type]


def handover(**changes: object) -> HandoverContext:
    """Ten items, one of which bears no data."""
    ctx = HandoverContext(
        title="Remise de matériel à l’Association fictive Les Voiles du Récif",
        reference="PV-2026-014-1",
        agreement_title="Voiles solidaires (exemple fictif)",
        agreement_reference="2026-014",
        giver=OPT,
        receiver=ASSOCIATION,
        place="Nouméa",
        board_decision=BoardDecisionContext(
            number="2026-03 (fictive)", decided_on=PartialDate(value=date(2026, 3, 3))
        ),
        items=tuple(
            HandoverItemContext(
                number=line.number,
                nature=line.nature,
                brand=line.brand,
                model=line.model,
                serial=line.serial,
                tag=line.tag,
                condition="fonctionne",
                bears_data=line.nature != "Écran 24 pouces",
                erasure_method="effacement avec écrasement",
                erased_on=date(2026, 5, 4),
                erased_by="agent fictif",
                certificate=f"EFF-{line.number:03d}",
            )
            for line in equipment(10)
        ),
    )
    return replace(ctx, **changes)  # type: ignore[arg-type]
