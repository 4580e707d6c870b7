"""The real cases: the facts of their sources alone (what the demonstration loads, typed here from the screens)."""

from conventions.tests.archive.invented import INVENTED
from conventions.tests.archive.shapes import OPT, PARTNER, Case, attendee, source

_SAME_DAY = [
    attendee("Isabelle", "CHAMPMOREAU"),
    attendee("Yoann", "LECOURIEUX"),
    attendee("Ph.", "GERVOLINO"),
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
            source("Conventions signées le 20 août 2020"),
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
            source("L’OPT-NC collabore à la réduction des inégalités", "OPT-NC, communiqué de presse"),
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
            attendee("Yoann", "LECOURIEUX", "président du conseil d’administration"),
            attendee("Philippe", "BLAISE", "1er vice-président de la province Sud"),
            attendee("Isabelle", "CHAMPMOREAU", "gouvernement de la Nouvelle-Calédonie"),
            ("inkind", {"kind": "local", "description": "rez-de-chaussée de l’ancien CTC"}),
            source("Convention signée avec la Banque alimentaire"),
            source("Article de presse sur la même signature", "presse"),
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
            source("Conventions signées le 20 août 2020"),
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
            source("Délibération du conseil d’administration du 28 juillet 2021"),
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
            attendee("Anne", "PERRIER", "secrétaire générale du CTOS"),
            ("funding", {"status": "inconnu", "figure": "accorde"}),
            source("Programme « Les Ailes du Sport »"),
        ],
        told=("ANS", "Ville de Dumbéa", "PERRIER", "2020"),
        shown=("montant non communiqué",),
        exported=("CTOS, ANS et Ville de Dumbéa",),
    ),
)

CASES = (*REAL, *INVENTED)
