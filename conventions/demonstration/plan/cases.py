"""The real cases, as published: facts of the sources alone. What they do not say stays empty.

C01 comes from OPT-NC's press release of 14 March 2023; the summary and the story are our own wording of its facts.
"""

from __future__ import annotations

from datetime import date

from conventions.demonstration.plan.shapes import (
    CasePlan,
    CeremonyPlan,
    DemoPartner,
    EquipmentPlan,
    FundingPlan,
    InKindPlan,
    Person,
    Signer,
    SourcePlan,
)
from conventions.enums import (
    AmountStatus,
    Civility,
    DatePrecision,
    GrammaticalGender,
    PartnerNature,
    PartyRole,
    TermKind,
)
from conventions.formats import contract
from conventions.reference.lists import UNSPECIFIED_KIND

OPT = "opt-nc"

LECOURIEUX = Person(
    first_name="Yoann",
    last_name="LECOURIEUX",
    title="président du conseil d’administration de l’OPT-NC",
    civility=Civility.MONSIEUR,
)
DE_DECCKER = Person(
    first_name="Thomas",
    last_name="DE DECCKER",
    title="directeur général de l’OPT-NC",
    civility=Civility.MONSIEUR,
)
CALLEJA = Person(
    first_name="Laurent",
    last_name="CALLEJA",
    title="président de l’association Les Kimonos du Cœur",
    civility=Civility.MONSIEUR,
)
BLAISE = Person(first_name="Philippe", last_name="BLAISE", title="1er vice-président de la province Sud")
CHAMPMOREAU = Person(
    first_name="Isabelle", last_name="CHAMPMOREAU", title="gouvernement de la Nouvelle-Calédonie"
)
PERRIER = Person(first_name="Anne", last_name="PERRIER", title="secrétaire générale du CTOS")

# No account, no address, no mandate dates: the sources give none.
OPT_PEOPLE = (LECOURIEUX, DE_DECCKER)

PRESS_CONTACT = {
    "first_name": "Camille",
    "last_name": "DUMARTY",
    "title": "chargée de communication externe",
    "phones": "82.77.67 / 26.82.38",
    "email": "camille.dumarty@opt.nc",
}

PARTNERS = (
    DemoPartner(
        slug="les-kimonos-du-coeur",
        name="Les Kimonos du Cœur",
        presentation=(
            "Des bénévoles qui agissent contre les inégalités, dans tous les domaines, auprès des enfants de "
            "Nouvelle-Calédonie et du Pacifique. L’intérêt et le bien-être de chaque enfant guident ses actions, "
            "qui passent par l’école, l’alimentation et l’activité physique."
        ),
        people=(CALLEJA,),
        has_account=False,
    ),
    DemoPartner(
        slug="banque-alimentaire-de-nouvelle-caledonie",
        name="Banque alimentaire de Nouvelle-Calédonie",
        acronym="BANC",
        has_account=False,
    ),
    DemoPartner(slug="sos-ecoute", name="SOS Écoute", has_account=False),
    DemoPartner(slug="sos-violences", name="SOS Violences", has_account=False),
    DemoPartner(slug="adavi", name="ADAVI", has_account=False),
    DemoPartner(
        slug="gouvernement-de-la-nouvelle-caledonie",
        name="Gouvernement de la Nouvelle-Calédonie",
        nature=PartnerNature.LOCAL_AUTHORITY,
        gender=GrammaticalGender.MASCULINE,
        designation="le Gouvernement",
        has_account=False,
    ),
    DemoPartner(
        slug="plusieurs-associations",
        name="Plusieurs associations, que la source ne nomme pas",
        designation="les Associations",
        has_account=False,
    ),
    DemoPartner(
        slug="ctos",
        name="CTOS",
        nature=PartnerNature.OTHER,
        gender=GrammaticalGender.MASCULINE,
        designation="le CTOS",
        people=(PERRIER,),
        has_account=False,
    ),
    DemoPartner(slug="ans", name="ANS", nature=PartnerNature.OTHER, designation="l’ANS", has_account=False),
    DemoPartner(
        slug="ville-de-dumbea",
        name="Ville de Dumbéa",
        nature=PartnerNature.LOCAL_AUTHORITY,
        designation="la Ville de Dumbéa",
        commune="dumbea",
        has_account=False,
    ),
)

UNSTATED_SLUG = UNSPECIFIED_KIND[0]  # the source names no kind

CEREMONY = CeremonyPlan(
    key="lignes-d-ecoute",
    title="Signature du 20 août 2020 avec SOS Écoute, SOS Violences, l’ADAVI et le Gouvernement",
    held_on=date(2020, 8, 20),
    place="",
    summary=(
        "Le même jour, l’OPT-NC s’engage auprès de trois associations, dont il prend en charge les lignes "
        "téléphoniques, et du Gouvernement de la Nouvelle-Calédonie, à qui il prête un téléphone mobile."
    ),
    attendees=(
        Person(first_name="Isabelle", last_name="CHAMPMOREAU", title=""),
        Person(first_name="Yoann", last_name="LECOURIEUX", title=""),
        Person(first_name="Ph.", last_name="GERVOLINO", title=""),
    ),
)

_UNNAMED_SIGNATORIES = "Les sources citent des personnes présentes sans dire qui a signé."


def _published_by_opt(about: str) -> SourcePlan:
    return SourcePlan(title=f"Information publiée : {about}", publisher="OPT-NC")


def _line(key: str, partner: str, name: str, number: str) -> CasePlan:
    return CasePlan(
        key=key,
        slug=f"{partner}-ligne-telephonique",
        title=f"Prise en charge de la ligne {number} {contract('de', name)}",
        kind=UNSTATED_SLUG,
        parties=((OPT, PartyRole.OPT), (partner, PartyRole.BENEFICIARY)),
        purpose=f"Prendre en charge l’abonnement et les consommations de la ligne {number}.",
        public_summary=f"L’OPT-NC prend en charge la ligne {number}, sans plafond de consommation.",
        themes=("droits-et-ecoute",),
        signed_on=date(2020, 8, 20),
        ceremony=CEREMONY.key,
        attendees=CEREMONY.attendees,
        in_kind=(
            InKindPlan(
                kind_id="telecom",
                description=f"abonnement et consommations de la ligne {number}",
                conditions="sans plafond",
            ),
        ),
        sources=(_published_by_opt("conventions signées le 20 août 2020"),),
        notes=f"La source ne précise pas la nature de la convention. {_UNNAMED_SIGNATORIES}",
    )


C01 = CasePlan(
    key="C01",
    slug="les-kimonos-du-coeur-dojo-solidaire",
    title="Soutien au dojo solidaire des Kimonos du Cœur",
    kind="partenariat",
    parties=((OPT, PartyRole.OPT), ("les-kimonos-du-coeur", PartyRole.BENEFICIARY)),
    purpose=(
        "Soutenir la création d’un dojo solidaire aux Tours de Magenta, pour développer les activités sportives, "
        "scolaires, culturelles et artistiques des enfants."
    ),
    public_summary=(
        "L’OPT-NC aide l’association Les Kimonos du Cœur à créer un dojo solidaire aux Tours de Magenta : un soutien "
        "financier et 10 ordinateurs pour les enfants qu’elle encadre."
    ),
    public_story=(
        "L’OPT-NC veut un développement plus juste et plus équitable. Service public ouvert à tous, l’office mène "
        "aussi une démarche de responsabilité sociétale, en faveur d’une société solidaire et inclusive.\n\n"
        "Ses partenariats portent quatre valeurs : cohésion, qualité de service, innovation et responsabilité. Le "
        "projet de dojo solidaire les rejoint ; c’est la raison de ce soutien.\n\n"
        "Les 10 ordinateurs de bureautique réformés serviront aux enfants encadrés par l’association. La signature "
        "a aussi permis de saluer les bénévoles, qui font vivre la solidarité et l’entraide."
    ),
    project="Dojo solidaire",
    project_place="Tours de Magenta, Nouméa",
    project_area="noumea",
    project_description=(
        "Le dojo solidaire ouvre aux enfants des activités sportives, scolaires, culturelles et artistiques. Il fait "
        "naître une dynamique de quartier, au service de la cohésion sociale aux Tours de Magenta.\n\n"
        "Les jeunes y trouvent des actions collectives et des liens avec les acteurs économiques et sociaux, pour "
        "un modèle de société plus responsable et solidaire."
    ),
    areas=("noumea",),
    themes=("solidarite", "education", "sport"),
    values=("cohesion", "qualite-de-service", "innovation", "responsabilite"),
    plan="construire-demain-opt-2025",
    press_contact=True,
    signed_on=date(2023, 3, 14),
    signers=(
        Signer(party=OPT, person=LECOURIEUX),
        Signer(party=OPT, person=DE_DECCKER),
        Signer(party="les-kimonos-du-coeur", person=CALLEJA),
    ),
    fundings=(
        FundingPlan(
            amount=None,
            status=AmountStatus.UNKNOWN,
            publishable=False,
            label="soutien au projet de dojo solidaire",
        ),
    ),
    equipment=(EquipmentPlan(nature="ordinateur de bureautique réformé", quantity=10),),
    sources=(
        SourcePlan(
            title=(
                "L’OPT-NC collabore à la réduction des inégalités en s’engageant auprès de l’association "
                "Les Kimonos du cœur"
            ),
            publisher="OPT-NC, communiqué de presse",
            published_on=date(2023, 3, 14),
        ),
    ),
)

C04 = CasePlan(
    key="C04",
    slug="banque-alimentaire-local-prete",
    title="Prêt d’un local à la Banque alimentaire de Nouvelle-Calédonie",
    kind="mecenat",
    source_kind_wording="« partenariat financier » (presse)",
    parties=((OPT, PartyRole.OPT), ("banque-alimentaire-de-nouvelle-caledonie", PartyRole.BENEFICIARY)),
    purpose="Prêter à la Banque alimentaire de Nouvelle-Calédonie le rez-de-chaussée de l’ancien CTC.",
    public_summary=(
        "L’OPT-NC prête un local à la Banque alimentaire de Nouvelle-Calédonie : le rez-de-chaussée de l’ancien CTC."
    ),
    themes=("solidarite",),
    term_kind=TermKind.WORDING,
    term_wording="1 an renouvelable",
    signed_on=date(2020, 4, 17),
    attendees=(LECOURIEUX, BLAISE, CHAMPMOREAU),
    in_kind=(
        InKindPlan(kind_id="local", description="local prêté : rez-de-chaussée de l’ancien CTC", quantity=1),
    ),
    sources=(
        SourcePlan(
            title="Information publiée : convention signée avec la Banque alimentaire",
            publisher="OPT-NC",
            fact="nature de la convention",
            wording="convention de mécénat",
        ),
        SourcePlan(
            title="Article de presse sur la même signature",
            publisher="presse",
            fact="nature de la convention",
            wording="partenariat financier",
        ),
    ),
    notes=_UNNAMED_SIGNATORIES,
)

C09 = CasePlan(
    key="C09",
    slug="gouvernement-telephone-mobile-prete",
    title="Prêt d’un téléphone mobile au Gouvernement de la Nouvelle-Calédonie",
    kind="partenariat",
    source_kind_wording="convention de partenariat",
    parties=((OPT, PartyRole.OPT), ("gouvernement-de-la-nouvelle-caledonie", PartyRole.BENEFICIARY)),
    purpose="Prêter un téléphone mobile portant le numéro 50.00.67.",
    public_summary="L’OPT-NC prête au Gouvernement un téléphone mobile, joignable au 50.00.67.",
    themes=("droits-et-ecoute",),
    signed_on=date(2020, 8, 20),
    ceremony=CEREMONY.key,
    attendees=CEREMONY.attendees,
    in_kind=(InKindPlan(kind_id="pret", description="téléphone mobile prêté, numéro 50.00.67", quantity=1),),
    sources=(_published_by_opt("conventions signées le 20 août 2020"),),
    notes=_UNNAMED_SIGNATORIES,
)

C12 = CasePlan(
    key="C12",
    slug="materiel-informatique-associations-2021",
    title="Matériel informatique donné à plusieurs associations",
    kind=UNSTATED_SLUG,
    source_kind_wording="délibération du conseil d’administration",
    parties=((OPT, PartyRole.OPT), ("plusieurs-associations", PartyRole.BENEFICIARY)),
    purpose="Donner du matériel informatique à plusieurs associations.",
    public_summary=(
        "Le conseil d’administration de l’OPT-NC délibère sur le don de matériel informatique à plusieurs "
        "associations. La quantité n’est pas publiée."
    ),
    signed_on_wording="date de signature non communiquée",
    board_decision=date(2021, 7, 28),
    equipment=(EquipmentPlan(nature="matériel informatique", quantity=None),),
    sources=(
        SourcePlan(
            title="Délibération du conseil d’administration du 28 juillet 2021",
            publisher="OPT-NC",
            published_on=date(2021, 7, 28),
        ),
    ),
    notes=(
        "La source est une délibération : elle ne nomme pas les associations et ne dit pas quand une convention "
        "a été signée avec chacune."
    ),
)

C16 = CasePlan(
    key="C16",
    slug="ctos-les-ailes-du-sport",
    title="Programme « Les Ailes du Sport »",
    kind=UNSTATED_SLUG,
    source_kind_wording="programme « Les Ailes du Sport »",
    parties=(
        (OPT, PartyRole.OPT),
        ("ctos", PartyRole.BENEFICIARY),
        ("ans", PartyRole.COFUNDER),
        ("ville-de-dumbea", PartyRole.COFUNDER),
    ),
    purpose="Soutenir le programme « Les Ailes du Sport » du CTOS.",
    public_summary="L’OPT-NC soutient « Les Ailes du Sport » avec le CTOS, l’ANS et la Ville de Dumbéa.",
    project="Les Ailes du Sport",
    themes=("sport",),
    term_kind=TermKind.WORDING,
    term_wording="depuis 2020",
    starts_on=date(2020, 1, 1),
    starts_on_precision=DatePrecision.YEAR,
    signed_on_wording="depuis 2020, date de signature non communiquée",
    attendees=(PERRIER,),
    fundings=(
        FundingPlan(
            amount=None,
            status=AmountStatus.UNKNOWN,
            publishable=False,
            label="soutien au programme « Les Ailes du Sport »",
        ),
    ),
    sources=(_published_by_opt("programme « Les Ailes du Sport »"),),
    notes=(
        "La source cite le CTOS « avec » l’ANS et la Ville de Dumbéa, sans préciser le rôle de chacun. "
        "Elle cite Anne PERRIER sans dire qui a signé."
    ),
)

CASES = (
    C01,
    C04,
    _line("C06", "sos-ecoute", "SOS Écoute", "05.30.30"),
    _line("C07", "sos-violences", "SOS Violences", "05.11.11"),
    _line("C08", "adavi", "l’ADAVI", "27.76.08"),
    C09,
    C12,
    C16,
)
