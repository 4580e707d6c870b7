"""Published facts of the reference case, and the public side of the fictitious one."""

# ruff: noqa: E501 (sentences stay whole)

from dataclasses import replace
from datetime import date

from conventions.domain.documents.context import (
    AttendeeContext,
    PartialDate,
    PressContactContext,
    PressItemContext,
    PressReleaseContext,
    PublicFundingContext,
    PublicPartyContext,
    PublicSheetContext,
    PublicSupportContext,
    SectionContext,
    SignatoryContext,
    SourceContext,
    TermContext,
)
from conventions.tests.pdf.samples.signed import ASSOCIATION, OPT

_SIGNED = PartialDate(value=date(2023, 3, 14))
_LECOURIEUX = SignatoryContext(
    first_name="Yoann", last_name="LECOURIEUX", title="président du conseil d’administration", order=1
)
_DE_DECCKER = SignatoryContext(
    first_name="Thomas", last_name="DE DECCKER", title="directeur général", order=2
)
_CALLEJA = SignatoryContext(first_name="Laurent", last_name="CALLEJA", title="président")
_CONTACT = PressContactContext(
    name="Camille DUMARTY",
    title="Chargée de communication externe",
    phones=("82.77.67", "26.82.38"),
    email="camille.dumarty@opt.nc",
)
_VALUES = ("cohésion", "qualité de service", "innovation", "responsabilité")
_SECTIONS = (
    SectionContext(
        heading="Le projet",
        paragraphs=(
            "Le dojo solidaire doit faire naître une dynamique locale sur le site des Tours de Magenta et y renforcer la cohésion sociale. Il propose à la jeunesse du quartier des actions collectives, en lien avec les acteurs économiques et sociaux.",
        ),
    ),
    SectionContext(
        heading="L’association",
        paragraphs=(
            "Les Kimonos du Cœur réunit des bénévoles qui agissent pour réduire les inégalités auprès des enfants de Nouvelle-Calédonie et du Pacifique. Le bien-être de l’enfant guide ses actions, par l’éducation scolaire, alimentaire et physique.",
        ),
    ),
)


def kimonos(**changes: object) -> PublicSheetContext:
    """The published facts of the reference case: the amount was not published."""
    ctx = PublicSheetContext(
        title="Dojo solidaire",
        kind_label="Convention de partenariat",
        origin="reprise",
        summary="L’OPT-NC soutient le projet de dojo solidaire de l’association Les Kimonos du Cœur.",
        project="Dojo solidaire, site des Tours de Magenta",
        area="Nouméa",
        parties=(
            PublicPartyContext(name="OPT-NC", role_label="OPT-NC", signatories=(_LECOURIEUX, _DE_DECCKER)),
            PublicPartyContext(
                name="Les Kimonos du Cœur",
                role_label="bénéficiaire",
                nature_label="association",
                signatories=(_CALLEJA,),
            ),
        ),
        sections=_SECTIONS,
        fundings=(PublicFundingContext(amount=None, label="Soutien financier au projet"),),
        supports=(PublicSupportContext(label="10 ordinateurs de bureautique réformés", quantity=10),),
        signed_on=_SIGNED,
        values=_VALUES,
        plan="« Construire Demain | OPT 2025 »",
        sources=(SourceContext(title="Communiqué de presse", publisher="OPT-NC", published_on=_SIGNED),),
        press_contacts=(_CONTACT,),
    )
    return replace(ctx, **changes)  # type: ignore[arg-type]


def public_sheet(**changes: object) -> PublicSheetContext:
    """The public version of the fictitious partnership: one figure may be read, one may not."""
    ctx = kimonos(
        title="Voiles solidaires : apprendre à naviguer (exemple fictif)",
        origin="nouveau",
        reference="2026-014",
        summary="L’OPT-NC aide une association fictive à faire découvrir la voile à des enfants.",
        project="Voiles solidaires (fictif)",
        parties=(
            PublicPartyContext(name="OPT-NC", role_label="OPT-NC", signatories=OPT.signatories),
            PublicPartyContext(
                name=ASSOCIATION.name,
                role_label="bénéficiaire",
                nature_label="association",
                commune="Nouméa",
                signatories=ASSOCIATION.signatories,
            ),
        ),
        fundings=(
            PublicFundingContext(amount=1_200_000, budget_year=2026),
            PublicFundingContext(amount=None, budget_year=2027),
        ),
        term=TermContext(
            kind="dates", start=PartialDate(value=date(2026, 4, 1)), end=PartialDate(value=date(2027, 3, 31))
        ),
        signed_on=PartialDate(value=date(2026, 4, 14)),
        place="Nouméa",
        sections=(),
        plan="",
        sources=(),
        attendees=(AttendeeContext(first_name="Ida", last_name="FICTIVE", title="marraine du projet"),),
        press_contacts=(),
        published_on=date(2026, 4, 15),
    )
    return replace(ctx, **changes)  # type: ignore[arg-type]


def press_release(**changes: object) -> PressReleaseContext:
    """A release on the reference case, from its published facts."""
    ctx = PressReleaseContext(
        headline="L’OPT-NC soutient le dojo solidaire des Kimonos du Cœur",
        lead="L’OPT-NC et l’association Les Kimonos du Cœur ont signé une convention de partenariat : l’office apporte un soutien financier au projet « dojo solidaire » et donne 10 ordinateurs.",
        place="",
        dated=_SIGNED,
        signatories=(
            replace(_LECOURIEUX, title="président du conseil d’administration de l’OPT-NC"),
            replace(_DE_DECCKER, title="directeur général de l’OPT-NC"),
            replace(_CALLEJA, title="président de l’association Les Kimonos du Cœur"),
        ),
        sections=(
            *_SECTIONS,
            SectionContext(
                heading="Le soutien de l’OPT-NC",
                paragraphs=(
                    "Un soutien financier, dont le montant n’est pas communiqué, et le don de 10 ordinateurs de bureautique réformés, qui serviront aux enfants encadrés par l’association.",
                    "L’office agit dans le cadre de son plan stratégique « Construire Demain | OPT 2025 » et promeut quatre valeurs au travers de ses partenariats :",
                ),
            ),
        ),
        values=_VALUES,
        contacts=(_CONTACT,),
    )
    return replace(ctx, **changes)  # type: ignore[arg-type]


def ceremony_release(**changes: object) -> PressReleaseContext:
    """One release for the conventions of one ceremony."""
    lines = (
        ("SOS Écoute", "abonnement et consommations de la ligne 05.30.30"),
        ("SOS Violences", "abonnement et consommations de la ligne 05.11.11"),
        ("ADAVI", "abonnement et consommations de la ligne 27.76.08"),
    )
    ctx = press_release(
        headline="Trois lignes d’écoute prises en charge par l’OPT-NC",
        lead="L’OPT-NC a signé le même jour trois conventions avec des associations qui écoutent et accompagnent les personnes.",
        dated=PartialDate(value=date(2020, 8, 20)),
        signatories=(),
        sections=(),
        items=tuple(
            PressItemContext(partner=p, title="Convention de partenariat", support=s) for p, s in lines
        ),
    )
    return replace(ctx, **changes)  # type: ignore[arg-type]
