"""The showcase: one invented convention with every part filled in."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

from conventions.demonstration.plan.shapes import ConventionPlan, ObligationPlan
from conventions.enums import AttachmentKind, ObligationKind

PREAMBLE = (
    "Considérant que l’association a conçu le projet « Un clic pour tous » et en a pris l’initiative, et qu’elle en "
    "garde la conduite ;",
    "Considérant que près d’une démarche sur deux se fait en ligne et que beaucoup d’habitants n’osent pas s’y "
    "engager seuls ;",
    "Considérant que l’OPT-NC, service public ouvert à tous, promeut dans ses partenariats la cohésion, la qualité de "
    "service, l’innovation et la responsabilité ;",
    "Considérant que le matériel informatique qu’elle renouvelle peut encore servir, une fois ses données effacées,",
)


def showcase(row: ConventionPlan, today: date) -> ConventionPlan:
    """The same convention with a longer preamble, duties of its own, every attachment, a ceremony-like day."""
    last_day = row.ends_on or today
    return dataclasses.replace(
        row,
        place="Nouméa",
        preamble=PREAMBLE,
        obligations=_duties(last_day),
        attachments=(
            (AttachmentKind.PROJECT, "Projet « Un clic pour tous »"),
            (AttachmentKind.BUDGET, "Budget prévisionnel sur deux ans"),
            (AttachmentKind.STATUTES, "Statuts de l’association"),
            (AttachmentKind.MANDATE, "Procès-verbal d’élection de la présidente"),
        ),
    )


def _duties(last_day: date) -> tuple[ObligationPlan, ...]:
    return (
        ObligationPlan(
            kind=ObligationKind.OTHER,
            text="Ouvrir et animer quatre ateliers hebdomadaires, gratuits et sans rendez-vous.",
        ),
        ObligationPlan(
            kind=ObligationKind.OTHER,
            text="Former au moins douze bénévoles à l’accompagnement numérique.",
            due_on=last_day - timedelta(days=365),
        ),
        ObligationPlan(
            kind=ObligationKind.OTHER,
            text="Accueillir 600 personnes par an et tenir le compte des séances.",
            due_wording="pendant la durée de la convention",
        ),
    )
