"""The reference case of 14 March 2023 as live rows, with secrets beside it that the public must never read."""

import datetime

from conventions.enums import AmountStatus, Civility, GrammaticalGender, PartnerNature
from conventions.models import Area, Plan, Theme, Value
from conventions.tests import factories

# None of these may reach a page, an export, the stored sheet or a PDF.
SECRETS = {
    "address": "12 impasse du Secret",
    "email": "secret.president@exemple.invalid",
    "phone": "99.88.77",
    "notes": "note interne à ne pas publier",
    "interests": "lien d’intérêts à ne pas publier",
    "amount": 7_654_321,
    "label": "libellé qui dit 7 654 321 F CFP",
    "serial": "SERIE-SECRETE-01",
    "iban_holder": "Titulaire secret",
    "source": "Source à ne pas citer",
}


def kimonos(*, with_secrets: bool = False):
    """Les Kimonos du Cœur as a signed reprise; facts of the press release of 14 March 2023 alone."""
    partner = factories.PartnerFactory(
        name="Les Kimonos du Cœur",
        slug="les-kimonos-du-coeur",
        nature=PartnerNature.ASSOCIATION,
        gender=GrammaticalGender.FEMININE,
        ridet="",
        address=SECRETS["address"] if with_secrets else "",
        postal_code="",
        email=SECRETS["email"] if with_secrets else "",
        phone=SECRETS["phone"] if with_secrets else "",
        notes=SECRETS["notes"] if with_secrets else "",
        presentation=(
            "Des bénévoles qui agissent contre les inégalités, dans tous les domaines, auprès des enfants de "
            "Nouvelle-Calédonie et du Pacifique. Ils veillent au bien-être de chacun par l’école, l’alimentation et "
            "l’activité physique."
        ),
    )
    contact = factories.PressContactFactory(
        first_name="Camille",
        last_name="DUMARTY",
        title="chargée de communication externe",
        phones="82.77.67 / 26.82.38",
        email="camille.dumarty@opt.nc",
    )
    project = factories.ProjectFactory(
        name="dojo solidaire",
        holder=partner,
        place="Tours de Magenta",
        description=(
            "Un lieu de sport, d’étude, de culture et d’art pour les jeunes du quartier, qui crée du lien avec les "
            "acteurs économiques et sociaux."
        ),
    )
    convention = factories.ConventionFactory(
        title="Soutien au dojo solidaire des Kimonos du Cœur",
        slug="kimonos-du-coeur-dojo-solidaire",
        purpose="Soutenir la création d’un dojo solidaire aux Tours de Magenta.",
        public_summary="L’OPT-NC soutient la création d’un dojo solidaire aux Tours de Magenta.",
        public_story=(
            "Le projet rejoint la démarche de responsabilité sociétale de l’office.\n\n"
            "Les ordinateurs serviront aux enfants que l’association encadre."
        ),
        notes=SECRETS["notes"] if with_secrets else "",
        interests_note=SECRETS["interests"] if with_secrets else "",
        project=project,
        plan=Plan.objects.get(slug="construire-demain-opt-2025"),
        press_contact=contact,
        partner=partner,
        act=None,
    )
    convention.values.set(Value.objects.all())
    convention.areas.set(Area.objects.filter(slug="noumea"))
    convention.themes.set(Theme.objects.filter(slug__in=["solidarite", "sport"]))
    factories.SourceFactory(
        convention=convention,
        title="Communiqué de presse de l’OPT-NC",
        publisher="OPT-NC",
        url="",
        published_on=datetime.date(2023, 3, 14),
    )
    if with_secrets:
        factories.SourceFactory(convention=convention, title=SECRETS["source"], publishable=False)
        factories.BankAccountFactory(partner=partner, holder=SECRETS["iban_holder"])
    act = factories.ActFactory(
        convention=convention,
        reprise=True,
        state="brouillon",
        signatories=None,
        term_kind="inconnue",
        starts_on=None,
        ends_on=None,
        place="",
        fundings=_fundings(with_secrets),
        equipment=[
            {
                "nature": "ordinateur de bureautique réformé",
                "quantity": 1 if with_secrets else 10,
                "brand": "",
                "model": "",
                "serial": SECRETS["serial"] if with_secrets else "",
            },
            *([{"nature": "ordinateur de bureautique réformé", "quantity": 9}] if with_secrets else []),
        ],
    )
    sign_kimonos(act, with_secrets=with_secrets)
    return convention


def _fundings(with_secrets: bool) -> list[dict]:
    unknown = {"budget_year": 2023, "status": AmountStatus.UNKNOWN, "amount": None}
    secret = {
        "amount": SECRETS["amount"],
        "publishable": False,
        "label": SECRETS["label"],
        "budget_year": 2023,
    }
    return [secret] if with_secrets else [unknown]


def sign_kimonos(act, *, with_secrets: bool = False):
    opt, association = act.convention.parties.order_by("position")
    people = (
        (opt, "Yoann", "LECOURIEUX", "président du conseil d’administration"),
        (opt, "Thomas", "DE DECCKER", "directeur général"),
        (association, "Laurent", "CALLEJA", "président"),
    )
    for order, (party, first_name, last_name, title) in enumerate(people, start=1):
        factories.SignatoryFactory(
            act=act,
            party=party,
            order=order,
            civility=Civility.MONSIEUR,
            first_name=first_name,
            last_name=last_name,
            title=title,
            email=SECRETS["email"] if with_secrets else "",
        )
    factories.settle(act, "signe", signed_on=datetime.date(2023, 3, 14))
