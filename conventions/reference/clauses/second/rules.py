"""Version 2: the rules between the parties, whatever the support."""

# ruff: noqa: E501 (a paragraph is one line, as lawyers will see it in the editor)

from conventions.reference.clauses.base import ClauseText

_CHARGED = "Lorsqu’une partie manque à ses obligations, une autre partie la met en demeure, par une notification écrite qui dit le manquement, d’y remédier dans un délai de trente jours. Si la mise en demeure reste sans effet et après que la partie défaillante a pu présenter ses observations,"
_OTHER_CAUSES = """L’OPT-NC peut mettre fin à la présente convention pour un motif d’intérêt général, par une décision écrite et motivée, notifiée au moins deux mois avant sa date d’effet. Ce qui a été régulièrement engagé avant la notification demeure dû.

Si un cas de force majeure rend l’exécution impossible pendant plus de trois mois, chaque partie peut mettre fin à la convention par une notification écrite ; aucune n’en doit réparation. Jusque-là, les obligations empêchées sont suspendues.

Les parties peuvent aussi mettre fin à la convention d’un commun accord, par un écrit qui en règle les conséquences."""
_EFFECTS = "Dans tous les cas, les parties arrêtent leurs comptes dans les deux mois qui suivent la date d’effet : ce qui reste dû est réglé, ce qui doit être rendu est rendu."
_DISPUTES = "Litiges"
_AMICABLE = "Les parties recherchent un règlement amiable à tout différend né de la présente convention. À défaut d’accord dans les deux mois qui suivent sa première notification écrite,"

PROTECTION = (
    ClauseText(
        code="assurance",
        position=100,
        heading="Responsabilité et assurance",
        body="""Chaque partie répond des dommages causés par sa faute, par son manquement à la présente convention et par les personnes ou les biens dont elle a la garde. {{ Le_beneficiaire }} réalise le projet sous sa responsabilité ; l’OPT-NC ne répond, sauf faute de sa part, ni des dommages nés de cette réalisation, ni des engagements que {{ le_beneficiaire }} prend envers des tiers.

{{ Le_beneficiaire }} souscrit les assurances que ses activités appellent, en particulier de responsabilité civile. L’attestation en cours de validité est remise à l’OPT-NC avant le début du projet, puis à chaque demande, et toute suspension ou résiliation de ces assurances lui est signalée sans délai.""",
    ),
    ClauseText(
        code="probite",
        position=105,
        heading="Probité et conflits d’intérêts",
        body="""Aucune partie n’offre, ne promet, ne sollicite ni n’accepte d’avantage indu à l’occasion de la présente convention. Chacune applique à ses représentants et à ses salariés les règles de prévention de la corruption et des atteintes à la probité auxquelles elle est soumise.

Une personne dont l’intérêt personnel, familial ou associatif peut influencer l’exécution de la convention le signale ; elle ne prend part ni à la décision, ni au contrôle. Chaque partie déclare aux autres, sans délai, tout conflit d’intérêts dont elle a connaissance.""",
    ),
    ClauseText(
        code="donnees_personnelles",
        position=110,
        heading="Données personnelles",
        body="""Chaque partie est responsable des traitements de données personnelles qu’elle met en œuvre pour exécuter la présente convention et les mène dans le respect de la loi n° 78-17 du 6 janvier 1978. Les données échangées sont limitées à ce qui est nécessaire : l’identité, les fonctions et les coordonnées des représentants et des interlocuteurs de chaque partie. Elles servent uniquement à préparer, suivre et faire connaître le partenariat, et ne sont ni vendues ni cédées. Une partie qui découvre une violation de ces données en avertit les autres sans délai.

Ces données sont conservées pendant la durée de la convention, puis archivées pendant dix ans avec les pièces qui la justifient, et enfin effacées, sauf celles qu’une règle d’archivage impose de garder.

Les personnes concernées ont un droit d’accès, de rectification, d’effacement, de limitation et d’opposition. Elles l’exercent auprès de la partie qui détient leurs données et, pour l’OPT-NC, auprès de : {{ contact_donnees }}. Elles peuvent adresser une réclamation à la Commission nationale de l’informatique et des libertés.""",
    ),
    ClauseText(
        code="cession",
        position=114,
        heading="Incessibilité",
        body="La présente convention est conclue en considération de la personne de chaque partie. Aucune ne peut céder ses droits et obligations, ni en confier l’exécution à un tiers, sans l’accord écrit et préalable des autres.",
    ),
    ClauseText(
        code="notifications",
        position=116,
        heading="Notifications",
        body="""Toute notification prévue par la présente convention est faite par écrit, soit par lettre recommandée avec avis de réception, soit par remise contre récépissé, soit par tout autre moyen qui en prouve la date de réception. Elle est adressée au siège de la partie, indiqué en tête de la convention, ou à la dernière adresse que cette partie a fait connaître par écrit.

Un délai compté d’une notification court du lendemain de sa réception.""",
    ),
)


LIFE = (
    ClauseText(
        code="evaluation",
        position=120,
        heading="Évaluation et renouvellement",
        body="""Les parties évaluent ensemble les résultats du partenariat, au moins une fois par an et avant son terme, au regard des engagements pris et des indicateurs de résultat, lorsque la convention en fixe.

La présente convention ne se renouvelle pas d’elle-même. Un renouvellement fait l’objet d’une nouvelle convention, décidée au vu de cette évaluation.""",
    ),
    ClauseText(
        code="evaluation",
        variant="renouvelable",
        label="Renouvelable d’un commun accord",
        position=120,
        condition="duree_libre",
        heading="Évaluation et renouvellement",
        body="""Les parties évaluent ensemble les résultats du partenariat, au moins une fois par an et avant son terme, au regard des engagements pris et des indicateurs de résultat, lorsque la convention en fixe.

Tout renouvellement prévu par l’article « Durée et prise d’effet » suppose l’accord écrit des parties, donné au vu de cette évaluation.""",
    ),
    ClauseText(
        code="avenant",
        position=130,
        heading="Avenant",
        body="""Toute modification de la présente convention fait l’objet d’un avenant écrit, signé par toutes les parties avant le terme de la convention. La partie qui la propose en dit par écrit l’objet, la cause et les conséquences.

Un avenant peut modifier la durée, le soutien et les engagements. Il ne peut remettre en cause l’objet de la convention.""",
    ),
    ClauseText(
        code="resiliation",
        position=140,
        heading="Résiliation",
        body=f"""{_CHARGED} elle peut résilier de plein droit la présente convention par une nouvelle notification.

{_OTHER_CAUSES}

{_EFFECTS}""",
    ),
    ClauseText(
        code="resiliation",
        variant="plusieurs",
        label="Trois parties ou plus",
        position=140,
        condition="plusieurs_parties",
        heading="Résiliation",
        body=f"""{_CHARGED} elle peut mettre fin à la convention à l’égard de la partie défaillante, par une nouvelle notification à toutes les parties. La convention se poursuit entre les autres si son objet peut encore être atteint ; sinon, elle prend fin pour toutes.

{_OTHER_CAUSES}

{_EFFECTS}""",
    ),
    ClauseText(
        code="litiges",
        variant="amiable",
        label="Règlement amiable, puis juridiction compétente",
        position=150,
        heading=_DISPUTES,
        body=f"{_AMICABLE} le différend est porté devant la juridiction compétente.",
    ),
    ClauseText(
        code="litiges",
        variant="tribunal_administratif",
        label="Tribunal administratif (à choisir par le juridique)",
        position=150,
        heading=_DISPUTES,
        body=f"{_AMICABLE} le différend est porté devant le tribunal administratif de Nouvelle-Calédonie.",
    ),
    ClauseText(
        code="litiges",
        variant="tribunaux_noumea",
        label="Tribunaux de Nouméa (à choisir par le juridique)",
        position=150,
        heading=_DISPUTES,
        body=f"{_AMICABLE} le différend est porté devant les tribunaux compétents de Nouméa.",
    ),
    ClauseText(
        code="litiges",
        variant="mediation",
        label="Médiation préalable (à choisir par le juridique)",
        position=150,
        heading=_DISPUTES,
        body="Avant toute action, les parties soumettent leur différend à un médiateur choisi d’un commun accord. Si la médiation n’aboutit pas dans les trois mois qui suivent ce choix, le différend est porté devant la juridiction compétente.",
    ),
    ClauseText(
        code="annexes",
        position=160,
        condition="annexes_listees",
        heading="Annexes",
        body="""Les annexes suivantes font partie intégrante de la présente convention :

{{ liste_annexes }}

En cas de contradiction, le texte de la convention l’emporte sur celui des annexes.""",
    ),
)
