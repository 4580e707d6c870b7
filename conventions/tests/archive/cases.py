"""What a historian types of each paper, and what every reader must find again.

The real cases hold the facts of their sources alone; every other one is invented and says « (fictif) ».
"""

from dataclasses import dataclass, field

OPT, PARTNER = "opt", "partner"  # a party, by its place

Row = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Later:
    """An amendment or a termination of paper: its own small form, then its page."""

    act: dict[str, str]
    page: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    adds: list[Row] = field(default_factory=list)  # lines that the amendment adds to the convention


@dataclass(frozen=True)
class Case:
    """`told`: what the attestation, the public page and its PDF must say; `exported`: what the list's export must."""

    key: str
    new: dict[str, str]
    page: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    told: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()  # on the public page and its PDF alone
    exported: tuple[str, ...] = ()


def _source(title: str, publisher: str = "OPT-NC") -> Row:
    return ("source", {"title": title, "publisher": publisher, "publishable": "on"})


def _attendee(first: str, last: str, title: str = "") -> Row:
    return ("attendee", {"first_name": first, "last_name": last, "title": title})


def _money(year: str, amount: str, figure: str = "accorde") -> Row:
    typed = {"budget_year": year, "amount": amount, "figure": figure, "status": "connu", "publishable": "on"}
    return ("funding", typed)


_SAME_DAY = [
    _attendee("Isabelle", "CHAMPMOREAU"),
    _attendee("Yoann", "LECOURIEUX"),
    _attendee("Ph.", "GERVOLINO"),
]
_PRESENT = ("CHAMPMOREAU", "LECOURIEUX", "GERVOLINO")


def _line(key: str, name: str, number: str) -> Case:
    return Case(
        key,
        {
            "partner": name,
            "partner_nature": "association",
            "title": f"Prise en charge de la ligne {number}",
            "signed_on": "20/08/2020",
        },
        rows=[
            *_SAME_DAY,
            (
                "inkind",
                {
                    "kind": "telecom",
                    "description": f"abonnement et consommations de la ligne {number}",
                    "conditions": "sans plafond",
                },
            ),
            _source("Conventions signées le 20 août 2020"),
        ],
        told=(name, number, *_PRESENT),
        shown=("jeudi 20 août 2020",),
        exported=(name, "20 août 2020", "nature non précisée"),
    )


REAL = (
    Case(
        "C01",
        {
            "partner": "Les Kimonos du Cœur",
            "partner_nature": "association",
            "kind": "partenariat",
            "title": "Soutien au dojo solidaire",
            "signed_on": "mardi 14 mars 2023",
        },
        page={
            "purpose": "Soutenir la création d’un dojo solidaire aux Tours de Magenta.",
            "new_project": "Dojo solidaire",
        },
        rows=[
            (
                "signatory",
                {
                    "party": OPT,
                    "first_name": "Yoann",
                    "last_name": "LECOURIEUX",
                    "title": "président du conseil d’administration",
                },
            ),
            (
                "signatory",
                {
                    "party": OPT,
                    "first_name": "Thomas",
                    "last_name": "DE DECCKER",
                    "title": "directeur général",
                },
            ),
            (
                "signatory",
                {"party": PARTNER, "first_name": "Laurent", "last_name": "CALLEJA", "title": "président"},
            ),
            ("funding", {"status": "inconnu", "figure": "accorde", "label": "soutien au projet"}),
            (
                "equipmentterm",
                {
                    "nature": "ordinateur de bureautique réformé",
                    "quantity": "10",
                    "transfer": "don",
                    "status": "inconnu",
                    "publishable": "on",
                },
            ),
            _source("L’OPT-NC collabore à la réduction des inégalités", "OPT-NC, communiqué de presse"),
        ],
        told=("Les Kimonos du Cœur", "Yoann", "LECOURIEUX", "DE DECCKER", "CALLEJA", "directeur général"),
        shown=(
            "mardi 14 mars 2023",
            "10 ordinateurs de bureautique réformés",
            "montant non communiqué",
            "Dojo solidaire",
        ),
        exported=("Les Kimonos du Cœur", "14 mars 2023", "inconnu"),
    ),
    Case(
        "C04",
        {
            "partner": "Banque alimentaire de Nouvelle-Calédonie",
            "partner_nature": "association",
            "kind": "mecenat",
            "title": "Prêt d’un local à la Banque alimentaire",
            "signed_on": "17/04/2020",
        },
        page={
            "source_kind_wording": "« partenariat financier » (presse)",
            "term_kind": "libelle",
            "term_wording": "1 an renouvelable",
        },
        rows=[
            _attendee("Yoann", "LECOURIEUX", "président du conseil d’administration"),
            _attendee("Philippe", "BLAISE", "1er vice-président de la province Sud"),
            _attendee("Isabelle", "CHAMPMOREAU", "gouvernement de la Nouvelle-Calédonie"),
            ("inkind", {"kind": "local", "description": "rez-de-chaussée de l’ancien CTC"}),
            _source("Convention signée avec la Banque alimentaire"),
            _source("Article de presse sur la même signature", "presse"),
        ],
        told=("BLAISE", "rez-de-chaussée de l’ancien CTC", "1 an renouvelable", "partenariat financier"),
        shown=("vendredi 17 avril 2020", "Convention de mécénat"),
        exported=("17 avril 2020", "mécénat"),
    ),
    _line("C06", "SOS Écoute", "05.30.30"),
    _line("C07", "SOS Violences", "05.11.11"),
    _line("C08", "ADAVI", "27.76.08"),
    Case(
        "C09",
        {
            "partner": "Gouvernement de la Nouvelle-Calédonie",
            "partner_nature": "collectivite",
            "kind": "partenariat",
            "title": "Prêt d’un téléphone mobile",
            "signed_on": "20/08/2020",
        },
        rows=[
            *_SAME_DAY,
            ("inkind", {"kind": "pret", "description": "téléphone mobile, numéro 50.00.67", "quantity": "1"}),
            _source("Conventions signées le 20 août 2020"),
        ],
        told=("50.00.67", *_PRESENT),
        shown=("jeudi 20 août 2020",),
        exported=("Gouvernement de la Nouvelle-Calédonie", "partenariat"),
    ),
    Case(
        "C12",
        {
            "partner": "Plusieurs associations, que la source ne nomme pas",
            "partner_nature": "association",
            "title": "Matériel informatique donné à plusieurs associations",
            "signed_on_wording": "date de signature non communiquée",
        },
        page={"new_decision_date": "2021-07-28"},
        rows=[
            (
                "equipmentterm",
                {
                    "nature": "matériel informatique",
                    "transfer": "don",
                    "status": "inconnu",
                    "publishable": "on",
                },
            ),
            _source("Délibération du conseil d’administration du 28 juillet 2021"),
        ],
        told=("matériel informatique", "28 juillet 2021"),
        shown=("quantité non communiquée", "date de signature non communiquée"),
        exported=("date de signature non communiquée",),
    ),
    Case(
        "C16",
        {
            "partner": "CTOS",
            "partner_nature": "autre",
            "title": "Programme « Les Ailes du Sport »",
            "signed_on_wording": "depuis 2020, date de signature non communiquée",
            "starts_on": "2020",
        },
        rows=[
            ("party", {"new_partner": "ANS", "new_nature": "autre"}),
            ("party", {"new_partner": "Ville de Dumbéa", "new_nature": "collectivite"}),
            _attendee("Anne", "PERRIER", "secrétaire générale du CTOS"),
            ("funding", {"status": "inconnu", "figure": "accorde"}),
            _source("Programme « Les Ailes du Sport »"),
        ],
        told=("ANS", "Ville de Dumbéa", "PERRIER", "2020"),
        shown=("montant non communiqué",),
        exported=("CTOS, ANS et Ville de Dumbéa",),
    ),
)

INVENTED = (
    Case(
        "avenant après une interruption",
        {
            "partner": "Pirogue du Nord (fictif)",
            "partner_nature": "association",
            "title": "Pirogue scolaire (fictif)",
            "signed_on": "12/03/2012",
            "starts_on": "2012",
            "ends_on": "2013",
        },
        rows=[
            _money("2012", "900 000"),
            _source("Registre des conventions 2012 (fictif)"),
        ],
        later=[
            Later(
                {"kind": "avenant", "signed_on": "3 mars 2015", "starts_on": "mars 2015", "ends_on": "2016"},
                rows=[
                    ("signatory", {"party": PARTNER, "last_name": "WADRA (fictif)", "title": "présidente"})
                ],
                adds=[_money("2015", "450 000")],
            )
        ],
        told=("Pirogue du Nord (fictif)", "900 000"),
        shown=("Avenant n° 1", "3 mars 2015", "puis", "450 000"),
        exported=("1350000", "Pirogue du Nord (fictif)"),
    ),
    Case(
        "préfet signataire, par son titre seul",
        {
            "partner": "Service de l’État (fictif)",
            "partner_nature": "etat",
            "title": "Secours en mer (fictif)",
            "signed_on": "juillet 2019",
        },
        rows=[
            ("signatory", {"party": PARTNER, "title": "préfet, représentant de l’État (fictif)"}),
            _attendee("", "", "commandant de la base (fictif)"),
            ("inkind", {"kind": "telecom", "description": "une liaison radio (fictif)"}),
            _source("Lettre d’information de juillet 2019 (fictif)"),
        ],
        told=("préfet, représentant de l’État (fictif)", "commandant de la base (fictif)", "juillet 2019"),
        exported=("juillet 2019",),
    ),
    Case(
        "prénom inconnu",
        {
            "partner": "Club nautique (fictif)",
            "partner_nature": "association",
            "title": "Régate (fictif)",
            "signed_on": "2015",
        },
        rows=[
            ("signatory", {"party": PARTNER, "last_name": "KAREMBE (fictif)", "title": "trésorier"}),
            _source("Coupure de presse sans date (fictif)", "presse"),
        ],
        told=("KAREMBE (fictif)", "trésorier", "2015"),
        exported=("2015",),
    ),
    Case(
        "manifestation de chaque année, argent collecté",
        {
            "partner": "Ligue du lagon (fictif)",
            "partner_nature": "association",
            "kind": "parrainage",
            "title": "Course du lagon 2018 (fictif)",
            "signed_on": "1er juin 2018",
        },
        page={"edition": "12e édition"},
        rows=[
            _money("2018", "350 000", "collecte"),
            _money("2018", "200 000"),
            _source("Bilan de la course 2018 (fictif)"),
        ],
        told=("12e édition", "350 000", "200 000"),
        shown=("Collecté",),
        exported=("200000", "parrainage"),
    ),
    Case(
        "la source se trompe de jour",
        {
            "partner": "Atelier des sons (fictif)",
            "partner_nature": "association",
            "title": "Atelier de musique (fictif)",
            "signed_on": "jeudi 9 mars 2022",
        },
        rows=[_source("Communiqué (fictif)")],
        told=("9 mars 2022 était un mercredi", "jeudi 9 mars 2022"),
        exported=("9 mars 2022 (le 9 mars 2022 était un mercredi",),
    ),
    Case(
        "tant de messages, à un prix",
        {
            "partner": "Prévention santé (fictif)",
            "partner_nature": "association",
            "title": "Campagne de messages (fictif)",
            "signed_on": "05/2017",
        },
        rows=[
            (
                "inkind",
                {
                    "kind": "communication",
                    "description": "envoi de messages (fictif)",
                    "quantity": "47000",
                    "unit": "messages",
                    "unit_price": "7",
                    "status": "connu",
                    "publishable": "on",
                },
            ),
            _source("Note interne de 2017 (fictif)"),
        ],
        told=("47 000", "messages", "329 000"),
        exported=("mai 2017",),
    ),
    Case(
        "résiliation saisie avant l’avenant",
        {
            "partner": "Théâtre de poche (fictif)",
            "partner_nature": "association",
            "title": "Saison de théâtre (fictif)",
            "signed_on": "10/01/2010",
            "starts_on": "2010",
            "ends_on": "2014",
        },
        rows=[_source("Registre 2010 (fictif)")],
        later=[
            Later({"kind": "resiliation", "signed_on": "2013", "reason": "Le théâtre a fermé (fictif)."}),
            Later({"kind": "avenant", "signed_on": "4/5/2011", "ends_on": "2015"}),
        ],
        told=("Théâtre de poche (fictif)",),
        shown=("Résiliation", "2013", "Avenant n° 1", "4 mai 2011"),
        exported=("résiliée", "10 janvier 2010"),
    ),
    Case(
        "bénéficiaires finaux et tiers créés sur place",
        {
            "partner": "Fédération des foyers (fictif)",
            "partner_nature": "association",
            "title": "Ordinateurs des foyers (fictif)",
            "signed_on": "2016",
        },
        page={"new_beneficiaries": "Foyer de Houaïlou (fictif)\r\nFoyer de Poindimié (fictif)"},
        rows=[
            ("party", {"new_partner": "Mairie du littoral (fictif)", "new_nature": "collectivite"}),
            ("inkind", {"kind": "don", "description": "ordinateurs (fictif)"}),
            _source("Délibération de 2016 (fictif)"),
        ],
        told=("Mairie du littoral (fictif)",),
        shown=("Foyer de Houaïlou (fictif)", "Foyer de Poindimié (fictif)"),
        exported=("Mairie du littoral (fictif)",),
    ),
    Case(
        "local prêté, mois connu",
        {
            "partner": "Jardins partagés (fictif)",
            "partner_nature": "association",
            "kind": "mise_a_disposition",
            "title": "Local des jardins (fictif)",
            "signed_on": "juillet 2019",
            "starts_on": "août 2019",
        },
        page={"place": "Koné"},
        rows=[
            ("inkind", {"kind": "local", "description": "ancienne agence de Koné (fictif)"}),
            _source("Courrier de juillet 2019 (fictif)"),
        ],
        told=("ancienne agence de Koné (fictif)", "août 2019"),
        shown=("Koné",),
        exported=("juillet 2019",),
    ),
    Case(
        "visibilité donnée en échange",
        {
            "partner": "Radio du récif (fictif)",
            "partner_nature": "entreprise",
            "kind": "parrainage",
            "title": "Émission du dimanche (fictif)",
            "signed_on": "2009",
            "old_reference": "Conv. 09-17 (fictif)",
        },
        rows=[
            ("inkind", {"kind": "visibilite", "description": "espaces sur les camionnettes (fictif)"}),
            _source("Contrat retrouvé au coffre (fictif)"),
        ],
        told=("espaces sur les camionnettes (fictif)", "Conv. 09-17 (fictif)"),
        exported=("Conv. 09-17 (fictif)",),
    ),
)
CASES = (*REAL, *INVENTED)
