"""What invented partners do: the texts of their conventions."""

from __future__ import annotations

from conventions.demonstration.plan.fictive.programmes_more import MORE
from conventions.demonstration.plan.shapes import Programme
from conventions.enums import PartyRole

SHOWCASE_KEY = "un-clic-pour-tous"

_FIRST = (
    Programme(
        key=SHOWCASE_KEY,
        partner="passerelles-numeriques",
        title="Un clic pour tous : des ateliers numériques de quartier",
        kind="partenariat",
        project="Un clic pour tous",
        place="maisons de quartier de Nouméa, de Dumbéa et du Mont-Dore",
        areas=("noumea", "dumbea", "mont-dore"),
        themes=("numerique", "education"),
        values=("cohesion", "qualite-de-service", "innovation", "responsabilite"),
        purpose=(
            "Ouvrir quatre ateliers numériques de quartier, équipés et animés, où 600 personnes par an apprennent à "
            "faire seules leurs démarches en ligne."
        ),
        summary=(
            "Quatre ateliers de quartier, dix ordinateurs réformés et remis en état, des bénévoles formés : avec « Un "
            "clic pour tous », chacun peut apprendre à faire ses démarches en ligne près de chez soi."
        ),
        story=(
            "Payer une facture, suivre un colis, écrire à l’école : beaucoup de démarches passent par un écran. "
            "L’association ouvre des ateliers là où les gens vivent, à l’heure où ils sont libres. On y vient sans "
            "rendez-vous et l’on progresse à son rythme.\n\n"
            "L’OPT-NC finance la coordination et l’équipement pendant deux ans, donne dix ordinateurs dont elle a "
            "effacé les données, raccorde les ateliers à la fibre et prête deux journées de ses formateurs. Ce "
            "soutien prolonge sa mission : un service public ouvert à tous, sur tout le territoire."
        ),
        dated=False,
    ),
    Programme(
        key="lycees-en-va-a",
        partner="pirogues-de-la-baie",
        title="Lycéens en va’a",
        kind="parrainage",
        project="Lycéens en va’a",
        place="baie de Boulari",
        areas=("mont-dore",),
        themes=("sport", "education"),
        values=("cohesion", "responsabilite"),
        purpose="Initier chaque année 120 lycéens à la pirogue et organiser la course des équipages mixtes.",
        summary="Cent vingt lycéens apprennent à ramer ensemble, puis s’affrontent lors d’une course mixte.",
        story=(
            "Dans une pirogue à six places, personne n’avance seul. Les lycéens s’entraînent d’avril à septembre, avec "
            "des rameurs confirmés.\n\nLe soutien de l’OPT-NC paie les gilets, la sécurité en mer et le transport."
        ),
    ),
    Programme(
        key="igname-numerique",
        partner="maison-de-l-igname",
        title="La mémoire des champs de Lifou",
        kind="mecenat",
        project="La mémoire des champs",
        place="Wé",
        areas=("lifou", "province-des-iles-loyaute"),
        themes=("culture", "education"),
        values=("cohesion", "innovation"),
        purpose="Enregistrer en drehu les savoirs de la culture de l’igname et les transmettre aux écoles de Lifou.",
        summary="Quarante anciens racontent la culture de l’igname ; leurs récits entrent dans les écoles de Lifou.",
        story=(
            "Les savoirs de l’igname se disent plus qu’ils ne s’écrivent. L’association enregistre les anciens, "
            "traduit leurs récits et prépare des mallettes pour les classes.\n\nLe mécénat de l’OPT-NC finance "
            "le matériel de prise de son et l’hébergement des enregistrements."
        ),
    ),
    Programme(
        key="ondes-des-tribus",
        partner="radio-du-recif",
        title="Les ondes des tribus",
        kind="partenariat",
        project="Les ondes des tribus",
        place="Koné, Voh, Pouembout",
        areas=("kone", "voh", "pouembout", "province-nord"),
        themes=("culture", "numerique"),
        values=("cohesion", "qualite-de-service"),
        purpose="Former de jeunes reporters dans dix tribus du Nord et diffuser chaque semaine leur émission.",
        summary="Dix tribus du Nord ont leurs jeunes reporters et leur émission du samedi.",
        story=(
            "La radio forme de jeunes reporters au son, au montage et à la vérification des faits.\n\nL’OPT-NC prend "
            "en charge la liaison internet du studio et une partie du matériel."
        ),
    ),
    Programme(
        key="ligne-d-ecoute-brousse",
        partner="ecoute-brousse",
        title="Une ligne d’écoute pour la Brousse",
        kind="mise_a_disposition",
        project="Une ligne d’écoute pour la Brousse",
        place="Bourail",
        areas=("bourail", "la-foa", "moindou"),
        themes=("droits-et-ecoute", "sante"),
        values=("qualite-de-service", "responsabilite"),
        purpose="Mettre à disposition une ligne téléphonique et un local pour une permanence d’écoute.",
        summary="Une ligne et un local pour écouter, chaque soir, les familles éloignées des services.",
        story=(
            "Parler à quelqu’un, même loin de tout : la permanence répond chaque soir de 17 à 21 heures.\n\n"
            "L’OPT-NC met à disposition la ligne et un bureau dans son agence."
        ),
    ),
    Programme(
        key="paniers-et-devoirs",
        partner="basket-de-koutio",
        title="Paniers et devoirs",
        kind="subvention",
        project="Paniers et devoirs",
        place="gymnase de Koutio",
        areas=("dumbea",),
        themes=("sport", "education", "solidarite"),
        values=("cohesion", "responsabilite"),
        purpose="Associer une heure de soutien scolaire à chaque entraînement pour 80 jeunes de Koutio.",
        summary="Une heure de devoirs, une heure de basket : quatre-vingts jeunes jouent et progressent.",
        story=(
            "Les entraîneurs et des étudiants accueillent les jeunes dès la sortie du collège.\n\nLa subvention paie "
            "les étudiants, les goûters et les licences des familles qui ne peuvent pas les payer."
        ),
    ),
    Programme(
        key="la-danse-a-l-ecole",
        partner="pas-croises",
        title="La danse entre à l’école",
        kind="mecenat",
        project="La danse entre à l’école",
        place="écoles de Nouméa, de Thio et de Yaté",
        areas=("noumea", "thio", "yate"),
        themes=("culture", "education"),
        values=("cohesion", "innovation"),
        purpose="Créer un spectacle de danse avec douze classes et le jouer dans leurs communes.",
        summary="Douze classes créent un spectacle avec des danseurs et le jouent chez elles.",
        story=(
            "Pendant un trimestre, chaque classe invente une danse à partir d’un lieu qu’elle aime.\n\nLe mécénat de "
            "l’OPT-NC paie les heures des danseurs et les cars."
        ),
    ),
    Programme(
        key="mille-paletuviers",
        partner="mangroves-vivantes",
        title="Dix mille palétuviers",
        kind="partenariat",
        project="Dix mille palétuviers",
        place="estuaire de Voh",
        areas=("voh", "province-nord"),
        themes=("environnement", "education"),
        values=("responsabilite", "innovation"),
        purpose="Replanter dix mille palétuviers et suivre l’estuaire avec des capteurs posés par les élèves.",
        summary="Des élèves replantent la mangrove de Voh et la suivent grâce à des capteurs connectés.",
        story=(
            "La mangrove protège la côte et nourrit le lagon. Les classes plantent, mesurent et comparent.\n\n"
            "L’OPT-NC finance les plants et relie les capteurs à son réseau."
        ),
        others=(("commune-de-port-corail", PartyRole.COFUNDER),),
    ),
    Programme(
        key="cuisines-de-la-vallee",
        partner="femmes-de-houailou",
        title="Les cuisines de la vallée",
        kind="subvention",
        project="Les cuisines de la vallée",
        place="Houaïlou",
        areas=("houailou",),
        themes=("insertion", "solidarite"),
        values=("cohesion", "responsabilite"),
        purpose="Équiper une cuisine partagée et former quinze femmes à la vente de leurs produits.",
        summary="Une cuisine partagée, quinze femmes formées, des produits de la vallée vendus au marché.",
        story=(
            "L’union cuisine depuis longtemps ; elle manquait d’un lieu aux normes.\n\nLa subvention équipe la "
            "cuisine et paie une formation à la vente et à la comptabilité."
        ),
    ),
    Programme(
        key="soirs-d-etude",
        partner="foyer-de-mare",
        title="Les soirs d’étude de La Roche",
        kind="partenariat",
        project="Les soirs d’étude",
        place="La Roche",
        areas=("mare", "province-des-iles-loyaute"),
        themes=("education", "numerique"),
        values=("cohesion", "qualite-de-service"),
        purpose="Ouvrir chaque soir une salle d’étude connectée aux collégiens et lycéens de Maré.",
        summary="Une salle calme, des ordinateurs, une bonne connexion : les élèves de Maré étudient le soir.",
        story=(
            "À l’internat comme à la tribu, il faut un lieu pour travailler. Le foyer ouvre sa salle de 17 à "
            "20 heures.\n\nL’OPT-NC donne des ordinateurs et prend en charge la connexion."
        ),
    ),
    Programme(
        key="tour-de-l-atoll",
        partner="tour-de-l-atoll",
        title="Le Tour de l’atoll",
        kind="parrainage",
        project="Le Tour de l’atoll",
        place="Fayaoué",
        areas=("ouvea", "province-des-iles-loyaute"),
        themes=("sport",),
        values=("cohesion",),
        purpose="Parrainer la course et la marche du Tour de l’atoll, à Ouvéa.",
        summary="Une course, une marche et tout un atoll sur le bord de la route.",
        story=(
            "Le Tour réunit chaque année six cents coureurs et marcheurs.\n\nLe parrainage paie les navettes, "
            "les secours et les dossards ; le logotype de l’OPT-NC figure sur les arches."
        ),
    ),
    Programme(
        key="festival-des-langues",
        partner="langues-de-la-cote-est",
        title="Festival des langues de la côte Est",
        kind="mecenat",
        project="Festival des langues",
        place="Poindimié",
        areas=("poindimie", "touho", "ponerihouen"),
        themes=("culture",),
        values=("cohesion", "innovation"),
        purpose="Soutenir trois jours de contes, de chants et de théâtre dans les langues de la côte Est.",
        summary="Trois jours pour entendre cèmuhî, paicî et les autres langues de la côte Est.",
        story=(
            "Le festival se prépare toute l’année dans les écoles.\n\nLe mécénat de l’OPT-NC paie les défraiements des "
            "conteurs, et ses équipes diffusent les spectacles en direct."
        ),
    ),
    Programme(
        key="voiles-pour-tous",
        partner="handi-lagon",
        title="Voiles pour tous",
        kind="partenariat",
        project="Voiles pour tous",
        place="anse Vata",
        areas=("noumea",),
        themes=("sante", "sport"),
        values=("cohesion", "responsabilite", "innovation"),
        purpose="Acheter deux voiliers adaptés et former dix moniteurs à l’accueil du handicap.",
        summary="Deux voiliers adaptés et dix moniteurs formés : le lagon devient accessible.",
        story=(
            "Un siège pivotant, une barre électrique, et l’on part. Chaque sortie est une fierté.\n\nL’OPT-NC "
            "finance les bateaux avec la fondation Horizon Pacifique, partenaire du projet."
        ),
        others=(("fondation-horizon-pacifique", PartyRole.COFUNDER),),
    ),
    Programme(
        key="pieces-de-village",
        partner="theatre-de-la-case",
        title="Pièces de village",
        kind="mecenat",
        project="Pièces de village",
        place="Saint-Louis et La Conception",
        areas=("mont-dore",),
        themes=("culture", "solidarite"),
        values=("cohesion",),
        purpose="Écrire et jouer trois pièces avec les habitants de trois quartiers du Mont-Dore.",
        summary="Trois quartiers écrivent leur pièce, trois quartiers la jouent.",
        story="La troupe recueille des récits, les habitants les jouent.\n\nLe mécénat paie la régie et les costumes.",
    ),
)

PROGRAMMES: dict[str, Programme] = {row.key: row for row in (*_FIRST, *MORE)}
