"""Which invented conventions there are: one row each, told from today so that every status is always met.

`start` is in days from today, moved back to the first of its month; `months` is the duration.
"""

# ruff: noqa: E501 (one row or one sentence a line)

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conventions.enums import ActState, AmountStatus, ConventionStatus, FundingFigure

S, C = ActState, ConventionStatus
KNOWN = AmountStatus.KNOWN

# Starts: four past years; the past years of what is to renew; then to renew, running, upcoming.
Y1, Y2, Y3, Y4 = -1650, -1285, -920, -560
R1, R2, R3, RENEW, RUN, NEXT = -1425, -1060, -695, -330, -95, 36
CEREMONY, DAY = "quatre-signatures", "journee-de-signature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """A figure of the row; `amount` is shared between the budget years it covers."""

    amount: int | None
    status: str = KNOWN
    publishable: bool = True
    figure: str = FundingFigure.GRANTED
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    programme: str
    start: int
    status: ConventionStatus
    state: ActState = S.SIGNED
    months: int = 12
    money: tuple[Money, ...] = ()
    instalments: int = 1
    computers: int = 0
    lot: int = 0
    in_kind: tuple[str, ...] = ()
    amendment: str = ""  # « duree », « montant » ; « vie », « brouillon » (amended.py)
    terminated: int | None = None  # day of effect, from today
    term: str = "dates"  # « dates », « indeterminee », « libelle »
    ceremony: str = ""
    press: str = ""
    published: bool = True
    late_report: bool = False
    signed_after_start: bool = False
    reason: str = ""
    interests: str = ""
    online: int | None = None  # how many have signed online; None: on paper


def _row(
    programme: str, start: int, status: ConventionStatus, amount: int | None = None, **more: Any
) -> Edition:
    money = more.pop("money", None)
    if money is None and amount is not None:
        money = (Money(amount=amount),)
    return Edition(programme=programme, start=start, status=status, money=money or (), **more)


def _draft(programme: str, state: ActState, amount: int | None = None, **more: Any) -> Edition:
    status = C.DROPPED if state in (S.CANCELLED, S.DECLINED, S.EXPIRED, S.ABANDONED) else C.PREPARING
    start = more.pop("start", 60)
    return _row(programme, start, status, amount, state=state, published=False, **more)


SHOWCASE = _row(
    "un-clic-pour-tous", -150, C.RUNNING, months=24, instalments=3, computers=10, press="publie",
    money=(Money(amount=4_800_000, label="coordination et animation des ateliers"),),
    in_kind=("fibre", "competences"),
)  # fmt: skip

EDITIONS: tuple[Edition, ...] = (
    _row("lycees-en-va-a", R1, C.CLOSED, money=(Money(amount=850_000, publishable=False),)),
    _row("lycees-en-va-a", R2, C.LAPSED, 900_000, instalments=2),
    _row("lycees-en-va-a", R3, C.LAPSED, 950_000, instalments=2, signed_after_start=True),
    _row("lycees-en-va-a", RENEW, C.TO_RENEW, 1_000_000, instalments=2, press="publie"),
    _row("igname-numerique", Y2, C.CLOSED, 2_400_000, months=24, instalments=2),
    _row("igname-numerique", -130, C.RUNNING, 1_500_000, lot=6, in_kind=("hebergement",)),
    _row("ondes-des-tribus", Y3, C.LAPSED, money=(Money(amount=None, status=AmountStatus.TO_BE_SET, publishable=False),)),
    _row("ondes-des-tribus", -200, C.RUNNING, 1_200_000, amendment="duree", in_kind=("fibre",)),
    _row("ligne-d-ecoute-brousse", Y1, C.RUNNING, term="indeterminee", in_kind=("ligne", "local")),
    _row("paniers-et-devoirs", R1, C.CLOSED, 1_600_000),
    _row("paniers-et-devoirs", R2, C.CLOSED, 1_700_000, instalments=2),
    _row("paniers-et-devoirs", RENEW, C.TO_RENEW, 1_800_000, instalments=2),
    _draft("paniers-et-devoirs", S.DRAFT, 1_900_000),
    _row("la-danse-a-l-ecole", Y4, C.LAPSED, 600_000, late_report=True),
    _row("la-danse-a-l-ecole", NEXT, C.UPCOMING, 650_000, press="embargo"),
    _row("mille-paletuviers", Y1, C.CLOSED, 700_000),
    _row("mille-paletuviers", RUN, C.RUNNING, 2_600_000, months=24, instalments=2, ceremony=CEREMONY),
    _row("cuisines-de-la-vallee", Y3, C.LAPSED, 3_200_000, instalments=3, late_report=True),
    _draft("cuisines-de-la-vallee", S.TO_SIGN, 1_100_000, start=25, press="brouillon"),
    _row("soirs-d-etude", Y2, C.CLOSED, 400_000, computers=4),
    _row("soirs-d-etude", RUN, C.RUNNING, 500_000, computers=8, in_kind=("fibre",), ceremony=CEREMONY),
    _row("tour-de-l-atoll", Y1, C.CLOSED, 300_000),
    _row("tour-de-l-atoll", Y2, C.CLOSED, 300_000, published=False),
    _row("tour-de-l-atoll", Y3, C.LAPSED, 350_000),
    _row(
        "tour-de-l-atoll", Y4, C.LAPSED, press="publie",
        money=(Money(amount=350_000), Money(amount=150_000, figure=FundingFigure.PRIZE, label="prix remis aux vainqueurs")),
    ),
    _draft("tour-de-l-atoll", S.IN_REVIEW, 400_000),
    _row("festival-des-langues", R1, C.CLOSED, 1_000_000),
    _row("festival-des-langues", R3, C.LAPSED, 1_200_000, in_kind=("competences",)),
    _row("festival-des-langues", RENEW, C.TO_RENEW, 1_250_000, press="publie"),
    _draft("festival-des-langues", S.APPROVED, 1_300_000),
    _row(
        "voiles-pour-tous", -140, C.RUNNING, instalments=2, amendment="montant", press="brouillon",
        money=(
            Money(amount=3_000_000, label="achat d’un premier voilier adapté"),
            Money(amount=1_500_000, figure=FundingFigure.COFUNDED, label="apport de la fondation"),
        ),
        interests="Un membre du bureau de l’association siège aussi au comité de la fondation (exemple fictif).",
    ),
    _row("pieces-de-village", Y2, C.CLOSED, 450_000),
    _row(
        "pieces-de-village", -500, C.TERMINATED, 500_000, months=9, instalments=2, amendment="vie", terminated=-20,
        in_kind=("competences",),
    ),
    _row("samedis-du-code", RUN, C.RUNNING, 900_000, computers=30, in_kind=("competences",), ceremony=CEREMONY),
    _draft("samedis-du-code", S.TO_CORRECT, 950_000, reason="Préciser le lieu de stockage des ordinateurs."),
    _row("maison-lalolagi", Y3, C.CLOSED, 1_400_000, instalments=2),
    _draft("maison-lalolagi", S.DECLINED, 1_450_000, start=-70, reason="Le conseil de l’amicale renonce au projet."),
    _row("gestes-qui-sauvent", Y2, C.CLOSED, 2_000_000, months=24, instalments=2),
    _row(
        "gestes-qui-sauvent", RUN, C.RUNNING, ceremony=CEREMONY, in_kind=("telephones",),
        money=(Money(amount=1_500_000, status=AmountStatus.CAPPED, label="achat de mannequins"),),
    ),
    _row(
        "voix-de-la-mine", Y4, C.LAPSED, late_report=True,
        money=(Money(amount=None, status=AmountStatus.OUTCOME, label="selon le nombre de récits recueillis"),),
    ),
    _draft("voix-de-la-mine", S.CANCELLED, 500_000, start=-40, reason="Erreur sur la personne signataire."),
    _row("sentiers-de-kunie", Y2, C.CLOSED, 1_100_000),
    _row(
        "sentiers-de-kunie", NEXT, C.UPCOMING,
        money=(Money(amount=None, status=AmountStatus.TO_BE_SET, label="selon le devis des balises"),),
    ),
    _row("seconde-vie", Y3, C.LAPSED, 1_000_000, lot=20),
    _row("seconde-vie", -170, C.RUNNING, 1_100_000, lot=25, instalments=2, amendment="brouillon"),
    _row("internat-connecte", R2, C.LAPSED, in_kind=("bornes-rendues", "fibre")),
    _row("internat-connecte", RENEW, C.TO_RENEW, in_kind=("bornes", "fibre")),
    _row("mairie-accompagnee", Y1, C.CLOSED, 350_000, computers=2),
    _draft("mairie-accompagnee", S.APPROVED, 450_000, computers=4),
    _row("sante-des-iles", -180, C.RUNNING, money=(Money(amount=5_500_000, publishable=False),), instalments=2),
    _row("chantiers-jeunes", Y4, C.LAPSED, 750_000, press="publie"),
    _draft("chantiers-jeunes", S.EXPIRED, 800_000, start=-90, reason="Aucune signature trente jours après l’envoi."),
    _draft("cooperative-waala", S.TO_SIGN, 1_900_000, start=30),
    _draft("cooperative-waala", S.ABANDONED, 1_700_000, start=-200, reason="Doublon d’un autre dossier."),
    _row("donnees-du-recif", -260, C.UNKNOWN_TERM, term="libelle", in_kind=("liaison",)),
    _row("ateliers-des-aines", Y1, C.CLOSED, 600_000, instalments=2),
    _row("ateliers-des-aines", Y4, C.LAPSED, 650_000, instalments=2),
    _draft("ateliers-des-aines", S.DRAFT, 700_000),
    _row(
        "timbre-des-langues", -110, C.RUNNING, in_kind=("timbre",),
        money=(
            Money(amount=250_000, label="concours de dessin des écoles"),
            Money(amount=1_240_000, figure=FundingFigure.RAISED, label="collecté auprès du public"),
        ),
    ),
    _draft("igname-numerique", S.TO_SIGN, 1_550_000, start=62, online=0),
    _draft("ondes-des-tribus", S.PARTLY_SIGNED, 1_250_000, start=62, online=1),
    _row("maison-lalolagi", 62, C.UPCOMING, 1_500_000, published=False, online=3),
    _draft("chantiers-jeunes", S.TO_SIGN, 820_000, start=92, ceremony=DAY, online=0),
    _draft("voix-de-la-mine", S.TO_SIGN, 540_000, start=92, ceremony=DAY, online=0),
    _draft("pieces-de-village", S.TO_SIGN, 480_000, start=92, ceremony=DAY, online=0),
    _draft("sante-des-iles", S.TO_SIGN, 610_000, start=92, ceremony=DAY, online=0),
)  # fmt: skip
