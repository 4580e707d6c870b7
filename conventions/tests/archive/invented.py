"""Papers of a historian's kind, all invented."""

from conventions.tests.archive.shapes import PARTNER, Case, Later, attendee, money, source

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
            money("2012", "900 000"),
            source("Registre des conventions 2012 (fictif)"),
        ],
        later=[
            Later(
                {"kind": "avenant", "signed_on": "3 mars 2015", "starts_on": "mars 2015", "ends_on": "2016"},
                rows=[
                    ("signatory", {"party": PARTNER, "last_name": "WADRA (fictif)", "title": "présidente"})
                ],
                adds=[money("2015", "450 000")],
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
            attendee("", "", "commandant de la base (fictif)"),
            ("inkind", {"kind": "telecom", "description": "une liaison radio (fictif)"}),
            source("Lettre d’information de juillet 2019 (fictif)"),
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
            source("Coupure de presse sans date (fictif)", "presse"),
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
            money("2018", "350 000", "collecte"),
            money("2018", "200 000"),
            source("Bilan de la course 2018 (fictif)"),
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
        rows=[source("Communiqué (fictif)")],
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
            source("Note interne de 2017 (fictif)"),
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
        rows=[source("Registre 2010 (fictif)")],
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
            source("Délibération de 2016 (fictif)"),
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
            source("Courrier de juillet 2019 (fictif)"),
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
            source("Contrat retrouvé au coffre (fictif)"),
        ],
        told=("espaces sur les camionnettes (fictif)", "Conv. 09-17 (fictif)"),
        exported=("Conv. 09-17 (fictif)",),
    ),
)
