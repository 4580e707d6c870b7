"""Invented partners: names, people and identifiers that belong to nobody."""

# ruff: noqa: E501 (one row or one sentence a line)

from __future__ import annotations

from typing import Any

from conventions.demonstration.plan.shapes import DemoPartner, Person
from conventions.enums import Civility, GrammaticalGender, PartnerNature

M, MME = Civility.MONSIEUR, Civility.MADAME
MASCULINE = GrammaticalGender.MASCULINE
CHAIR_M, CHAIR_F = "président de l’association", "présidente de l’association"


def _person(civility: str, first_name: str, last_name: str, title: str, slug: str, **more: Any) -> Person:
    email = more.pop("email", f"{slug}@exemple.invalid")
    return Person(
        civility=civility, first_name=first_name, last_name=last_name, title=title, email=email, **more
    )


# Who signs for OPT-NC in invented conventions: invented people, never those of the real cases.
OPT_PEOPLE = (
    _person(
        MME, "Adèle", "WANAKAT", "présidente du conseil d’administration (fictif)", "presidence.opt", from_day=-1900
    ),
    _person(M, "Rodolphe", "TUHEIVA", "directeur général (fictif)", "direction.opt", from_day=-1900),
)  # fmt: skip

# slug | name | commune | civility first last | presentation
_ASSOCIATIONS = """
passerelles-numeriques|Passerelles numériques du Caillou|noumea|mme Wéa PAGATTE|Cette association apprend à se servir d’un ordinateur et d’internet à celles et ceux que le numérique laisse de côté. Ses bénévoles tiennent chaque semaine quatre ateliers de quartier, où l’on vient avec une question et repart avec une réponse.
pirogues-de-la-baie|Les Pirogues de la Baie|mont-dore|m Heimana TAUTAVAE|Un club de va’a qui fait ramer ensemble des lycéens, des familles et des retraités, et transmet les savoirs de la navigation.
maison-de-l-igname|Maison de l’Igname de Lifou|lifou|mme Drowali WAÏEKONE|Une maison commune où les anciens de Lifou enseignent aux plus jeunes la culture de l’igname, la vannerie et la langue drehu.
radio-du-recif|Radio du Récif|kone|m Jean-Marie POANOUÏ|Une radio associative du Nord, animée par des bénévoles de douze à soixante-dix ans, qui donne la parole aux tribus et aux écoles.
ecoute-brousse|Écoute Brousse|bourail|mme Catherine DELMAS-NÉA|Une permanence d’écoute et d’orientation, tenue par des bénévoles formés, pour les familles éloignées des services.
basket-de-koutio|Basket-club de Koutio-Sud|dumbea|m Steeve SALIGA|Un club de quartier qui forme des jeunes au basket et à l’arbitrage, et leur propose un soutien scolaire avant chaque séance.
pas-croises|Compagnie des Pas Croisés|noumea|mme Hortense LIM-VALÈS|Une compagnie de danse qui mêle les pas du pilou, du tamuré et du hip-hop, et joue dans les écoles et les maisons de quartier.
mangroves-vivantes|Mangroves Vivantes|voh|m Pascal GOROMOEDO|Des habitants de la côte ouest qui replantent des palétuviers, mesurent la santé de l’estuaire et guident les classes.
femmes-de-houailou|Union des femmes de Houaïlou-Vallée|houailou|mme Élisabeth MÈREATU|Une union de femmes de tribu qui cuisine, coud, tresse et vend ensemble, et finance ainsi les études de ses filles.
foyer-de-mare|Foyer des jeunes de La Roche|mare|m Wanaï CEDIADE|Un foyer de jeunes de Maré : étude du soir, atelier de réparation de vélos, sorties en mer.
tour-de-l-atoll|Comité du Tour de l’atoll|ouvea|mme Marie-Lise OUNOUNOU|Une équipe de bénévoles d’Ouvéa qui organise chaque année une course à pied et une marche le long du lagon.
langues-de-la-cote-est|Festival des langues de la côte Est|poindimie|mme Suzie PWÖRÖNIMA|Trois jours de contes, de chants et de théâtre dans les langues kanak de la côte Est, préparés toute l’année avec les écoles.
handi-lagon|Handi-Lagon|noumea|m Grégoire ASTIER|Une association qui met à l’eau des personnes en situation de handicap : voile, plongée, natation, avec un matériel adapté.
theatre-de-la-case|Théâtre de la Case ronde|mont-dore|m Édouard WASSINGALU|Une troupe amateur qui écrit ses pièces avec les habitants et les joue sous la case, sur la place ou en forêt.
codeuses-du-pacifique|Les Codeuses du Pacifique|noumea|mme Kim Lan TRUONG|Des informaticiennes qui donnent leurs samedis pour apprendre à coder à des collégiennes.
amicale-uvea-futuna|Amicale Lalolagi de Wallis-et-Futuna|mont-dore|mme Malia Sosefina TUIKALEPA|Une amicale qui accueille les étudiants venus de Wallis-et-Futuna et fait vivre leurs danses et leurs langues.
sauveteurs-du-lagon|Sauveteurs bénévoles du lagon|noumea|m Yannick LE BIHAN|Des équipages bénévoles qui portent secours en mer et apprennent les gestes qui sauvent dans les écoles.
memoire-de-la-mine|Mémoire de la mine de Thio-Village|thio|mme Rosalie SOEKARDI|Une association qui recueille les récits des mineurs et de leurs familles, et entretient un petit musée.
sentiers-de-kunie|Sentiers de Kunié|ile-des-pins|m Hilarion VAKOUMÉ-NEDO|Des habitants de l’Île des Pins qui ouvrent, balisent et entretiennent des sentiers, et les font découvrir.
atelier-relais|Atelier Relais de Rivière-Salée|noumea|mme Bénédicte ROUX-KALOÏ|Un chantier d’insertion qui répare des appareils et forme des adultes éloignés de l’emploi.
"""


def _associations() -> tuple[DemoPartner, ...]:
    rows = [line.split("|") for line in _ASSOCIATIONS.strip().split("\n")]
    return tuple(_association(rank, *row) for rank, row in enumerate(rows, start=1))


def _association(rank: int, slug: str, name: str, commune: str, chair: str, presentation: str) -> DemoPartner:
    civility, first_name, last_name = _split(chair)
    title = CHAIR_F if civility == MME else CHAIR_M
    people = _PEOPLE.get(slug) or (
        _person(civility, first_name, last_name, title, slug, from_day=-1900, account=rank <= 5),
    )
    return DemoPartner(
        slug=slug,
        name=f"{name} (fictif)",
        commune=commune,
        address=f"{rank} rue de l’Exemple",
        ridet=f"00001{rank:02d}.001",
        rna=f"W9N00000{rank:02d}",
        email=f"contact.{slug}@exemple.invalid",
        phone=f"00.00.{rank:02d}",
        presentation=presentation,
        purpose="Association imaginée pour la démonstration.",
        people=people,
    )


def _split(chair: str) -> tuple[str, str, str]:
    """« mme Kim Lan TRUONG » → civility, first name, last name: capitals begin the last name."""
    mark, *words = chair.split(" ")
    start = next(rank for rank, word in enumerate(words) if word.upper() == word)
    return (MME if mark == "mme" else M), " ".join(words[:start]), " ".join(words[start:])


# Changes of chair, two signatories, an address that two people share, a person in two associations.
_SHARED = "contact.pirogues-de-la-baie@exemple.invalid"
_PEOPLE = {
    "passerelles-numeriques": (
        _person(
            MME, "Wéa", "PAGATTE", CHAIR_F, "presidente.passerelles-numeriques", from_day=-900, account=True
        ),
        _person(
            M, "Bruno", "ESTIENNE", CHAIR_M, "ancien.passerelles-numeriques",
            from_day=-1900, to_day=-901, account=True,
        ),
        _person(
            M, "Sione", "MULIAKAAKA", "trésorier de l’association", "tresorier.passerelles-numeriques",
            from_day=-900, usual=False,
        ),
    ),
    "pirogues-de-la-baie": (
        _person(M, "Heimana", "TAUTAVAE", CHAIR_M, "", email=_SHARED, from_day=-1900, account=True),
        _person(
            MME, "Vaitiare", "POHEROA", "secrétaire de l’association", "",
            email=_SHARED, from_day=-1900, usual=False, account=True,
        ),
    ),
    # He presides over Radio du Récif too: one person, two associations.
    "mangroves-vivantes": (
        _person(M, "Pascal", "GOROMOEDO", CHAIR_M, "mangroves-vivantes", from_day=-1900),
        _person(
            M, "Jean-Marie", "POANOUÏ", "trésorier de l’association", "radio-du-recif",
            from_day=-1900, usual=False, account=True,
        ),
    ),
}  # fmt: skip

_OTHERS = (
    DemoPartner(
        slug="lycee-de-la-plaine",
        name="Lycée agricole de la Plaine (fictif)",
        nature=PartnerNature.PUBLIC_BODY,
        gender=MASCULINE,
        designation="le Lycée",
        commune="pouembout",
        address="21 rue de l’Exemple",
        ridet="0000121.001",
        email="contact.lycee-de-la-plaine@exemple.invalid",
        phone="00.00.21",
        presentation="Un lycée du Nord qui forme aux métiers de la terre et accueille des internes de toute la Grande Terre.",
        people=(
            _person(
                MME, "Mireille", "BOANÉMOA", "proviseure du lycée", "direction.lycee-de-la-plaine", from_day=-1900
            ),
        ),
    ),
    DemoPartner(
        slug="commune-de-port-corail",
        name="Commune de Port-Corail (fictif)",
        nature=PartnerNature.LOCAL_AUTHORITY,
        designation="la Commune",
        commune="koumac",
        address="1 place de la Mairie-Exemple",
        ridet="0000122.001",
        email="mairie.port-corail@exemple.invalid",
        phone="00.00.22",
        presentation="Une commune imaginaire de l’extrême Nord, entre mer et montagne.",
        people=(_person(M, "Wilfrid", "TCHAOUMI", "maire", "maire.port-corail", from_day=-1900),),
    ),
    DemoPartner(
        slug="fondation-horizon-pacifique",
        name="Fondation Horizon Pacifique (fictif)",
        nature=PartnerNature.FOUNDATION,
        commune="noumea",
        address="23 rue de l’Exemple",
        ridet="0000123.001",
        email="contact.horizon-pacifique@exemple.invalid",
        phone="00.00.23",
        presentation="Une fondation qui accompagne des projets de santé et d’éducation dans les îles.",
        people=(
            _person(
                M, "Charles-Henri", "D’AUBRAC", "directeur de la fondation", "direction.horizon-pacifique",
                from_day=-1900,
            ),
        ),
    ),
    DemoPartner(
        slug="mission-jeunesse-de-l-etat",
        name="Mission jeunesse de l’État (fictif)",
        nature=PartnerNature.STATE,
        gender=GrammaticalGender.FEMININE,
        designation="la Mission",
        commune="noumea",
        email="mission-jeunesse@exemple.invalid",
        phone="00.00.24",
        presentation="Un service imaginaire qui coordonne des chantiers de jeunes.",
        people=(
            _person(
                MME, "Clémence", "HAUTEFEUILLE", "cheffe de la mission", "chef.mission-jeunesse", from_day=-1900
            ),
        ),
        has_account=False,
    ),
    DemoPartner(
        slug="recycl-ile",
        name="Recycl’Île (fictif)",
        nature=PartnerNature.COMPANY,
        commune="paita",
        address="25 rue de l’Exemple",
        ridet="0000125.001",
        email="contact.recycl-ile@exemple.invalid",
        phone="00.00.25",
        presentation="Une entreprise qui démonte les appareils hors d’usage et remet en état ceux qui peuvent servir.",
        people=(_person(M, "Ludovic", "PATCHO-WONG", "gérant", "gerant.recycl-ile", from_day=-1900),),
    ),
    DemoPartner(
        slug="cooperative-de-belep",
        name="Coopérative des pêcheurs de Waala (fictif)",
        nature=PartnerNature.OTHER,
        gender=GrammaticalGender.FEMININE,
        designation="la Coopérative",
        commune="belep",
        email="contact.cooperative-waala@exemple.invalid",
        phone="00.00.26",
        presentation="Des pêcheurs de Bélep qui partagent une chambre froide, un atelier et un bateau.",
        people=(
            _person(M, "Augustin", "BOUANAOUÉ", "président de la coopérative", "cooperative-waala", from_day=-1900),
        ),
    ),
    DemoPartner(
        slug="institut-du-recif-suva",
        name="Institut du récif de Suva (fictif)",
        nature=PartnerNature.PUBLIC_BODY,
        gender=MASCULINE,
        designation="l’Institut",
        country="Fidji",
        email="office.reef-institute@exemple.invalid",
        presentation="Un institut imaginaire de Fidji, qui échange étudiants et données avec la Nouvelle-Calédonie.",
        people=(_person(MME, "Litia", "VUNIBOLA", "directrice de l’institut", "reef-institute", from_day=-1900),),
        has_account=False,
    ),
)  # fmt: skip

PARTNERS: tuple[DemoPartner, ...] = (*_associations(), *_OTHERS)
