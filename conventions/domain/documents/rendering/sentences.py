"""The layout's own sentences in an act: all that it prints besides the values of rows and the words of articles.

Each in one place, « … » for a value. A test reads the acts of twenty varied files: whatever no row, no article and none
of these explains fails, and so does a sentence that none of them prints.
"""

OWN: tuple[str, ...] = (
    # Heading and parties
    "OPT-NC",
    "Office des postes et télécommunications de Nouvelle-Calédonie",
    "N° …",
    "Entre les soussignés",
    "dont le siège est",
    "représenté par … et …",
    "représentée par …",
    "ci-après dénommé « … »",
    "ci-après dénommée « … »",
    "d’une part",
    "d’autre part",
    "de première part",
    "de deuxième part",
    "de troisième part",
    "de quatrième part",
    "de cinquième part",
    "Préambule",
    "Il a été convenu ce qui suit",
    "Article …",
    # Money
    "Répartition du soutien financier",
    "Exercice",
    "Destination",
    "Montant",
    "Total",
    "Total maximal",
    "un montant certain, soit …, est ferme",
    "un montant plafonné est arrêté sur présentation des justificatifs des dépenses, dans la limite du plafond",
    "soit … au plus",
    "un montant selon résultat est arrêté au vu du résultat constaté, pièces à l’appui",
    "un montant à déterminer est fixé d’un commun accord, par avenant, avant tout versement",
    "Autres financements du projet",
    "Origine",
    "Échéancier des versements",
    "Rang",
    "Échéance",
    "Condition",
    "engagement attendu : …",
    # Goods
    "valeur estimée …",
    "quantité : …",
    "à partir du …",
    "à restituer le …",
    "le matériel prêté que décrit l’annexe « Équipements »",
    "garde et entretien : …",
    "assurance : …",
    "état au départ : …",
    "Équipements",
    "Liste des équipements",
    "Retrait : …, avant le …",
    "Nature, marque et modèle",
    "N° de série, inventaire",
    "Achat",
    "Lieu, retrait",
    "Qté",
    "quantité non précisée",
    "valeur estimée non précisée",
    "sans objet",
    "… ligne sans quantité connue, non comptée",
    "… lignes sans quantité connue, non comptées",
    "… ligne sans valeur connue, non comptée",
    "… lignes sans valeur connue, non comptées",
    # Duties
    "au plus tard le …",
    "… s’engage à",
    "fait foi : …",
    "apporter au projet …",
    # Project
    "Budget du projet",
    "Dépenses prévues",
    "Recettes prévues",
    "Poste",
    "Financeur",
    "à … l’unité",
    "Indicateurs",
    "Ce qui sera mesuré",
    "Indicateur",
    "Cible",
    # Signatures
    "Annexe",
    "Annexes jointes à ce document",
    "Titre",
    "Pages",
    "Empreinte SHA-256",
    "Pour …",
    "Signature",
    "En présence de …",
)

# Above signature boxes that may take several pages
EACH_SIGNS = (
    "Chaque personne signe dans le cadre qui porte son nom et sa qualité. Les signatures portées sur toutes les pages "
    "de cadres valent ensemble pour le texte entier, dont elles ne se séparent pas."
)
RECALL: tuple[str, ...] = (
    "Parties à la convention n° … « … » :",
    "Parties à l’avenant n° … « … » :",
    "Parties à la résiliation n° … « … » :",
    "…, ci-après « … » ;",
    EACH_SIGNS,
)

# Under the title of a later act
AMENDS: tuple[str, ...] = ("Résiliation", "à la convention n° … « … », …", "de la convention n° … « … », …")

# What an amendment changes
OF_CHANGES: tuple[str, ...] = (
    "À …, …",
    "Il est ajouté une ligne de financement : « … ».",
    "La ligne de financement « … » est supprimée.",
    "La ligne de financement « … » est remplacée par : « … ».",
    "Il est ajouté un versement : « … ».",
    "Le versement « … » est supprimé.",
    "Le versement « … » est remplacé par : « … ».",
    "Il est ajouté un soutien en nature : « … ».",
    "Le soutien en nature « … » est supprimé.",
    "Le soutien en nature « … » est remplacé par : « … ».",
    "Il est ajouté une ligne : « … ».",
    "La ligne « … » est supprimée.",
    "La ligne « … » est remplacée par : « … ».",
    "Il est ajouté un engagement : « … ».",
    "L’engagement « … » est supprimé.",
    "L’engagement « … » est remplacé par : « … ».",
    "La durée de la convention est fixée : « … ».",
    "La durée de la convention, « … », est remplacée par : « … ».",
    "Il est ajouté à la convention un article … « … » ainsi rédigé :",
    "L’article … « … » est supprimé.",
    "L’article … « … » est remplacé par les stipulations suivantes :",
    "L’article … « … », désormais intitulé « … », est remplacé par les stipulations suivantes :",
    "Il est inséré à la convention, après l’article …, un article … « … » ainsi rédigé :",
    "…, de … jusqu’ici, n’est plus fixé.",
    "… demeure fixé à ….",
    "… est fixé à ….",
    "… est porté de … à ….",
    "… est ramené de … à ….",
    "La dénomination de … est désormais : « … ».",
    "La dénomination de …, « … », est remplacée par : « … ».",
    "L’adresse de … est désormais : « … ».",
    "L’adresse de …, « … », est remplacée par : « … ».",
    "L’identification de … est désormais : « … ».",
    "L’identification de …, « … », est remplacée par : « … ».",
    "…, que le texte désigne par « … », devient partie à la convention, en qualité de …. Cette partie accepte "
    "toutes les stipulations de la convention, dans leur rédaction issue du présent avenant.",
    "… : « … » devient « … ».",
)

# Of the acts that change or end a convention, and of crowded boxes.
LATER: tuple[str, ...] = (*AMENDS, *OF_CHANGES, *RECALL)
