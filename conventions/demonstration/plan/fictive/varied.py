"""Twenty conventions of very different kinds, one promise of each sort at least: what a page may hold, an act prints.

Lines are values of the forms of the page, table by table; « party » is the slug of a partner. All invented.
"""

# ruff: noqa: E501 (one line of a page a line)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conventions.demonstration.plan.fictive.days import months_after
from conventions.demonstration.plan.fictive.partners import PARTNERS
from conventions.demonstration.plan.shapes import DemoPartner
from conventions.enums import GrammaticalGender, PartnerNature, TermKind

Line = tuple[str, dict[str, Any]]
Lines = Callable[[date, date], tuple[Line, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VariedFile:
    """One convention: who, for what, its duration, the lines typed on its page from its first and last days."""

    key: str
    title: str
    kind: str
    partner: str
    purpose: str
    lines: Lines
    others: tuple[tuple[str, str], ...] = ()
    term_kind: str = TermKind.DATES
    term_wording: str = ""
    months: int = 12
    annexes: tuple[str, ...] = ()  # titles of papers that the act takes under its seal


def _money(start: date, amount: int | None, **more: Any) -> Line:
    return "funding", {
        "budget_year": start.year,
        "amount": amount,
        "status": "connu",
        "figure": "accorde",
        "publishable": True,
    } | more


def _paid(label: str, **more: Any) -> Line:
    return "instalmentterm", {"label": label} | more


def _kind(kind: str, description: str, **more: Any) -> Line:
    return "inkind", {
        "kind": kind,
        "description": description,
        "status": "inconnu",
        "publishable": True,
    } | more


def _device(nature: str, **more: Any) -> Line:
    return "equipmentterm", {
        "nature": nature,
        "quantity": 1,
        "status": "inconnu",
        "publishable": True,
        "transfer": "don",
    } | more


def _duty(party: str, text: str, **more: Any) -> Line:
    return "obligation", {"kind": "autre", "text": text, "party": party} | more


def _budget(side: str, heading: str, amount: int | None, **more: Any) -> Line:
    return "budgetline", {"side": side, "heading": heading, "amount": amount, "status": "connu"} | more


def _sign(
    party: str, first_name: str, last_name: str, title: str, order: int = 1, civility: str = "m"
) -> Line:
    return "signatory", {
        "party": party,
        "civility": civility,
        "first_name": first_name,
        "last_name": last_name,
        "title": title,
        "order": order,
    }


def _quarter(start: date, rank: int) -> date:
    return start + timedelta(days=90 * rank)


def _cents(start: date, end: date) -> tuple[Line, ...]:
    return tuple(
        _device("ordinateur portable réformé", brand="Kaori", model=f"Nomade {rank % 4}", serial=f"FICTIF-120-{rank:03d}", inventory_tag=f"INV-120-{rank:03d}", purchased_on=date(start.year - 6, 1 + rank % 12, 1), purchased_on_precision="mois", pickup_place="dépôt de démonstration (fictif)", pickup_by=_quarter(start, 1))
        for rank in range(1, 121)
    )  # fmt: skip


FILES: tuple[VariedFile, ...] = (
    VariedFile(
        key="argent-seul", title="Un bal pour la tribu", kind="subvention", partner="femmes-de-houailou",
        purpose="Organiser un bal des familles et le transport de celles qui habitent loin.",
        lines=lambda start, end: (
            _money(start, 180_000, label="location de la salle et autocar"),
            _paid("versement unique", amount=180_000, condition_kind="signature", condition="sur présentation du RIB"),
        ),
    ),
    VariedFile(
        key="biens-seuls", title="Des écrans pour la salle d’étude", kind="mecenat", partner="foyer-de-mare",
        purpose="Équiper la salle d’étude du foyer avec du matériel réformé.",
        lines=lambda start, end: (
            _device("écran 24 pouces réformé", quantity=8, unit="écrans", unit_price=8_000, brand="Niaouli", model="Vision 24", status="connu", amount=64_000, pickup_place="dépôt de démonstration (fictif)", pickup_by=_quarter(start, 1)),
            _device("imprimante réformée", brand="Kaori", model="Page 2", serial="FICTIF-IMP-07", inventory_tag="INV-IMP-07", purchased_on=date(start.year - 5, 1, 1), purchased_on_precision="annee", pickup_place="agence de Tadine (fictif)", pickup_by=_quarter(start, 2)),
            _device("lot de claviers", quantity=None, holds_data=False),
            _device("clavier de secours", brand="Niaouli", purchased_on=date(start.year - 4, 3, 1), purchased_on_precision="mois"),
            _device("souris de secours", brand="Kaori", purchased_on=date(start.year - 3, 1, 1), purchased_on_precision="annee"),
            _duty("foyer-de-mare", "Remettre un reçu de don.", kind="recu", due_on=_quarter(start, 2)),
            _device("lot de souris", quantity=None, holds_data=False),
            _device("chariot de rangement", status="a_determiner", holds_data=False),
            _device("vidéoprojecteur réformé", status="plafonne", amount=30_000),
            _device("borne d’accueil réformée", status="resultat", amount=25_000),
            _device("lot de câbles", quantity=40, unit="câbles", status="sans_objet", holds_data=False),
        ),
    ),
    VariedFile(
        key="pret", title="Un groupe électrogène pour la course", kind="mise_a_disposition", partner="tour-de-l-atoll",
        purpose="Alimenter les postes de secours de la course autour de l’atoll.",
        lines=lambda start, end: (
            _kind("pret", "groupe électrogène sur remorque", quantity=2, unit="groupes", status="connu", amount=900_000, starts_on=start, return_on=end, conditions="transport par barge payé par l’emprunteur", custody="dans un local fermé, entretien par un mécanicien", insurance="tous risques, souscrite avant la remise", state_given="bon état, constaté à la remise"),
            _device("téléphone par satellite", transfer="pret", brand="Kaori", model="Sat 3", serial="FICTIF-SAT-03", status="connu", amount=150_000, starts_on=start, return_on=end, custody="gardé par le directeur de course", insurance="contrat du comité", state_given="neuf, sous scellé"),
            _device("lot de batteries de rechange", transfer="pret", quantity=None, holds_data=False, starts_on=start, return_on=end),
            _duty("tour-de-l-atoll", "Rendre le matériel nettoyé et en état de marche.", kind="restitution", due_on=end, proof="procès-verbal de restitution signé des deux parties"),
        ),
    ),
    VariedFile(
        key="ligne-telecom", title="Une ligne d’écoute de nuit", kind="partenariat", partner="ecoute-brousse",
        purpose="Tenir une permanence d’écoute gratuite, la nuit et les jours fériés.",
        lines=lambda start, end: (
            _kind("telecom", "abonnement et communications du numéro vert de l’association", quantity=3, starts_on=start, conditions="sans plafond, hors appels vers l’étranger"),
            _kind("competences", "formation des écoutants au poste téléphonique", quantity=2, unit="journées", status="plafonne", amount=120_000),
            _kind("don", "casques téléphoniques", quantity=6, unit="casques", status="resultat", amount=18_000),
            _kind("don", "affichettes du numéro vert", status="sans_objet"),
        ),
    ),
    VariedFile(
        key="local", title="Un local pour la radio", kind="mise_a_disposition", partner="radio-du-recif",
        purpose="Installer le studio de la radio dans une ancienne agence.",
        term_kind=TermKind.WORDING, term_wording="1 an, renouvelable d’un commun accord",
        lines=lambda start, end: (
            _kind("local", "rez-de-chaussée de l’ancienne agence de Koné (fictif)", quantity=85, unit="mètres carrés", status="a_determiner", starts_on=start, return_on=end, conditions="eau et électricité à la charge de l’occupant", custody="menues réparations par l’occupant", insurance="risques locatifs", state_given="état des lieux d’entrée joint"),
        ),
    ),
    VariedFile(
        key="cinq-parties", annexes=("Plan d’implantation des stands",), title="La fête du lagon", kind="partenariat", partner="mangroves-vivantes",
        purpose="Réunir pendant trois jours les habitants de la côte ouest autour du lagon.",
        others=(("fondation-horizon-pacifique", "cofinanceur"), ("commune-de-port-corail", "organisateur"), ("recycl-ile", "intermediaire")),
        lines=lambda start, end: (
            _money(start, 400_000, label="sonorisation"),
            _money(start, 250_000, label="apport de la fondation au repas", figure="cofinancement", party="fondation-horizon-pacifique"),
            _paid("premier versement", amount=300_000, condition_kind="date", due_on=_quarter(start, 1)),
            _paid("solde", amount=100_000, condition_kind="compte_rendu", due_on=end),
            _duty("opt", "Prêter six agents bénévoles pour l’accueil.", due_on=_quarter(start, 2)),
            _duty("fondation-horizon-pacifique", "Payer le repas des bénévoles.", due_wording="le dernier jour de la fête", proof="facture du traiteur"),
            _duty("commune-de-port-corail", "Fermer la route du littoral à la circulation.", due_on=_quarter(start, 2)),
            _duty("recycl-ile", "Trier les déchets de la fête.", due_wording="dans la semaine qui suit"),
        ),
    ),
    VariedFile(
        key="neuf-signataires", title="Neuf villages, une pirogue", kind="partenariat", partner="pirogues-de-la-baie",
        purpose="Construire une pirogue double avec neuf villages.",
        others=(("cooperative-de-belep", "organisateur"),),
        lines=lambda start, end: (
            _money(start, 700_000, label="bois et cordages"),
            _paid("versement", percent=100, condition_kind="remise", condition="du plan de la pirogue"),
            *(_sign("pirogues-de-la-baie", f"Poata{rank}", f"CHEFFERIE {rank} (fictif)", f"représentant du village n° {rank} (fictif)", rank + 1, "mme" if rank % 2 else "m") for rank in range(1, 7)),
        ),
    ),
    VariedFile(
        key="cofinanceur", title="Lunettes pour lire", kind="partenariat", partner="handi-lagon",
        purpose="Offrir un examen de la vue et des lunettes à deux cents élèves.",
        others=(("fondation-horizon-pacifique", "cofinanceur"),),
        lines=lambda start, end: (
            _money(start, 600_000, label="montures"),
            _money(start, 900_000, label="verres", figure="cofinancement", party="fondation-horizon-pacifique"),
            _budget("depense", "montures", 600_000), _budget("depense", "verres", 900_000),
            _budget("recette", "subvention de l’office", 600_000, party="opt", standing="accorde"),
            _budget("recette", "apport de la fondation", 900_000, party="fondation-horizon-pacifique", standing="accorde"),
            _duty("fondation-horizon-pacifique", "Verser son apport à l’opticien.", due_on=_quarter(start, 1), proof="avis de virement"),
        ),
    ),
    VariedFile(
        key="sans-representant", title="Des récits de mineurs", kind="partenariat", partner="collectif-des-recits",
        purpose="Recueillir cinquante récits et les donner à entendre.",
        lines=lambda start, end: (
            _money(start, 220_000, label="enregistrement"),
            _sign("collectif-des-recits", "Noéline", "SANS-MANDAT (fictif)", "porte-parole du collectif, mandatée par ses membres", civility="mme"),
        ),
    ),
    VariedFile(
        key="cent-vingt-appareils", title="Cent vingt portables pour les internats", kind="mecenat", partner="lycee-de-la-plaine",
        purpose="Équiper les internats du Nord avec des ordinateurs réformés.", lines=_cents,
    ),
    VariedFile(
        key="trois-exercices", title="Trois saisons de théâtre", kind="partenariat", partner="theatre-de-la-case", months=36,
        purpose="Monter trois pièces en trois ans avec les habitants.",
        lines=lambda start, end: (
            *(_money(start, 500_000 + 50_000 * rank, budget_year=start.year + rank, label=f"saison {rank + 1}") for rank in range(3)),
            _paid("première saison", amount=500_000, condition_kind="signature"),
            _paid("deuxième saison", amount=550_000, condition_kind="compte_rendu", condition="de la première saison", due_on=start + timedelta(days=420)),
            _paid("troisième saison", amount=600_000, condition_kind="decision", condition="du comité de suivi", due_on=start + timedelta(days=780)),
        ),
    ),
    VariedFile(
        key="selon-resultat", title="Un arbre par dossard", kind="parrainage", partner="sentiers-de-kunie",
        purpose="Planter un arbre pour chaque coureur arrivé.",
        lines=lambda start, end: (
            _money(start, 300_000, label="part fixe"),
            _money(start, 200_000, label="1 000 F par coureur arrivé", status="resultat"),
            _money(start, None, label="selon le nombre de plants repris", status="resultat"),
            _money(start, None, label="prix en espèces", status="sans_objet"),
            _money(start, 90_000, label="transport, selon les factures", status="plafonne"),
            _paid("part fixe", amount=300_000, condition_kind="signature"),
        ),
    ),
    VariedFile(
        key="plafonne", title="Des balises en mer", kind="subvention", partner="sauveteurs-du-lagon",
        purpose="Baliser deux passes du lagon.",
        lines=lambda start, end: (
            _money(start, 450_000, label="selon le devis des balises", status="plafonne"),
            _paid("acompte", percent=40),
            _paid("solde", percent=60, condition_kind="justificatifs", condition="factures acquittées", due_on=end),
        ),
    ),
    VariedFile(
        key="inconnu", title="Des cabas cousus main", kind="mecenat", partner="atelier-relais",
        purpose="Coudre des cabas dans des bâches réformées.",
        lines=lambda start, end: (
            _kind("don", "bâches publicitaires réformées", conditions="à découper avant tout usage"),
            _kind("timbre", "timbres de collection pour la vente de fin d’année", quantity=1_500, unit="timbres"),
            _device("machine à coudre industrielle", quantity=None, holds_data=False),
        ),
    ),
    VariedFile(
        key="a-determiner", title="Une veilleuse sur la jetée", kind="subvention", partner="cooperative-de-belep",
        purpose="Éclairer la jetée pour le retour des pêcheurs.",
        lines=lambda start, end: (
            _money(start, 120_000, label="étude"),
            _money(start, None, budget_year=start.year + 1, label="travaux", status="a_determiner"),
            _paid("étude", amount=120_000, condition_kind="autre", condition="après la visite de la jetée"),
        ),
    ),
    VariedFile(
        key="collecte-et-prix", title="Un concert pour les dispensaires", kind="partenariat", partner="pas-croises",
        purpose="Donner un concert dont la recette revient aux dispensaires.",
        lines=lambda start, end: (
            _money(start, 350_000, label="cachets"),
            _money(start, 1_240_000, label="recette du concert", figure="collecte"),
            _money(start, 150_000, label="prix du jeune talent", figure="dotation"),
            _paid("cachets", amount=350_000, condition_kind="date", due_on=_quarter(start, 1)),
        ),
    ),
    VariedFile(
        key="calcul", title="Cent vingt leçons de natation", kind="subvention", partner="basket-de-koutio",
        purpose="Apprendre à nager à cent vingt enfants.",
        lines=lambda start, end: (
            _money(start, 480_000, label="leçons", quantity=120, unit="leçons", unit_price=4_000),
            _paid("leçons du premier semestre", amount=240_000, condition_kind="justificatifs", condition="feuilles de présence", due_on=_quarter(start, 2)),
            _paid("leçons du second semestre", amount=240_000, condition_kind="justificatifs", condition="feuilles de présence", due_on=end),
        ),
    ),
    VariedFile(
        key="contreparties", title="La régate des écoles", kind="parrainage", partner="amicale-uvea-futuna",
        purpose="Faire courir trente équipages d’écoliers.",
        lines=lambda start, end: (
            _money(start, 800_000, label="sécurité en mer"),
            _paid("versement", percent=100, condition_kind="signature"),
            _kind("visibilite", "banderole de l’office sur la ligne d’arrivée", quantity=2, unit="banderoles"),
            _kind("communication", "deux annonces par jour sur les écrans des agences", starts_on=start),
            _duty("amicale-uvea-futuna", "Faire figurer le logotype de l’office sur les voiles.", kind="visibilite", due_on=_quarter(start, 2), proof="photographies"),
        ),
    ),
    VariedFile(
        key="budget-et-indicateurs", title="Le bus des métiers", kind="partenariat", partner="codeuses-du-pacifique",
        purpose="Faire découvrir les métiers du numérique dans quinze collèges.",
        lines=lambda start, end: (
            _money(start, 1_000_000, label="location du bus"),
            _paid("premier versement", amount=600_000, condition_kind="signature"),
            _paid("second versement", amount=400_000, condition_kind="compte_rendu", obligation="compte_rendu", due_on=end),
            _budget("depense", "location du bus", 1_200_000, budget_year=start.year, quantity=60, unit="jours", unit_price=20_000),
            _budget("depense", "carburant", None, status="a_determiner"),
            _budget("depense", "péages et bacs", 40_000, status="plafonne"),
            _budget("depense", "primes des collèges", None, status="resultat"),
            _budget("recette", "vente de gâteaux", None, status="inconnu"),
            _budget("recette", "prêt de la salle", None, status="sans_objet"),
            _budget("recette", "subvention de l’office", 1_000_000, party="opt", standing="accorde"),
            _budget("recette", "aide à la jeunesse", 150_000, funder="province imaginaire (fictif)", standing="demande"),
            _budget("recette", "fonds propres", 50_000, funder="fonds propres"),
            ("indicator", {"name": "collèges visités", "target": 15, "unit": "collèges", "due_on": end}),
            ("indicator", {"name": "élèves accueillis à bord", "target": 2_400, "unit": "élèves", "due_wording": "à la fin de la tournée"}),
            ("indicator", {"name": "envie de continuer", "target_wording": "une majorité d’élèves satisfaits", "due_on": end}),
        ),
    ),
    VariedFile(
        key="duree-indeterminee", title="Le courrier des anciens", kind="partenariat", partner="maison-de-l-igname",
        purpose="Porter chaque semaine le courrier aux anciens des tribus.", term_kind=TermKind.OPEN_ENDED,
        lines=lambda start, end: (
            _kind("telecom", "forfait de messages", quantity=10_000, unit="messages par an", status="connu", amount=200_000, unit_price=20, starts_on=start),
            _duty("maison-de-l-igname", "Nommer un relais dans chaque tribu.", due_wording="dans les deux mois"),
            ("attendee", {"civility": "mme", "first_name": "Awa", "last_name": "TÉMOIN (fictif)", "title": "doyenne de la tribu (fictif)"}),
        ),
    ),
)  # fmt: skip


PREAMBLE = "Considérant que le projet est à l’initiative du bénéficiaire, qui en garde la conduite,"


def days(file: VariedFile, start: date) -> tuple[date, date]:
    """First and last day of a file that begins on this day."""
    return start, months_after(start, file.months)


def partners() -> tuple[DemoPartner, ...]:
    """Those of the demonstration, and one that nobody is recorded to speak for."""
    return (*PARTNERS, COLLECTIVE)


COLLECTIVE = DemoPartner(
    slug="collectif-des-recits",
    name="Collectif des récits (fictif)",
    nature=PartnerNature.OTHER,
    gender=GrammaticalGender.MASCULINE,
    designation="le Collectif",
    commune="thio",
    email="contact.collectif-des-recits@exemple.invalid",
    presentation="Des habitants qui recueillent les récits de la mine, sans association déclarée.",
    has_account=False,
)
