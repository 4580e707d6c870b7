"""Headings of inventories, in French and English: GLPI, Snipe-IT and the sheets that people make themselves.

NOTE for what is known and has no field of its own: a user's name, an accounting number. It is kept as a note.
"""

from typing import Final

from conventions.exchange.sheets.tables import NOTE, SKIPPED, Vocabulary

LABELS: Final = {
    "nature": "Nature",
    "quantity": "Quantité",
    "maker": "Marque",
    "model": "Modèle",
    "serial": "N° de série",
    "inventory_tag": "N° d’inventaire",
    "purchased_on": "Date d’achat",
    "amount": "Valeur",
    "place": "Lieu",
    "condition": "État",
    "holds_data": "Contient des données",
    "weight": "Poids",
}
CHOICES: Final = {NOTE: "Garder en note", SKIPPED: "Ne pas reprendre", **LABELS}
WORDS: Final = {
    "nature": (
        "nature", "designation", "designation du materiel", "materiel", "type", "types", "type de materiel",
        "type d equipement", "type d appareil", "type de bien", "equipement", "article", "categorie",
        "category", "asset type", "appareil", "libelle", "description", "objet", "bien",
    ),
    "quantity": (
        "quantite", "quantites", "qte", "qty", "quantity", "nombre", "nb", "nbre",
    ),
    "maker": (
        "marque", "fabricant", "fabricants", "constructeur", "manufacturer", "manufacturers", "maker", "brand",
        "make",
    ),
    "model": (
        "modele", "modeles", "reference", "model", "models", "model name", "nom du modele",
        "modele du materiel", "reference constructeur",
    ),
    "serial": (
        "serie", "n serie", "n de serie", "no de serie", "num serie", "num de serie", "numero serie",
        "numero de serie", "numeros de serie", "n s", "serial", "serial number", "serial no", "serialnumber",
        "s n", "sn", "service tag", "no serie", "numero serie fabricant",
    ),
    "inventory_tag": (
        "inventaire", "n inventaire", "n d inventaire", "no inventaire", "no d inventaire", "num inventaire",
        "numero inventaire", "numero d inventaire", "etiquette", "etiquette d inventaire",
        "etiquette de l actif", "inventory number", "asset tag", "tag", "code inventaire",
        "inventory asset number", "numero d actif",
    ),
    "purchased_on": (
        "achat", "date d achat", "date achat", "achete le", "date d acquisition", "date acquisition",
        "purchase date", "date of purchase", "purchased", "acquis le", "date de mise en service",
        "annee d achat", "annee",
    ),
    "amount": (
        "valeur", "valeur estimee", "prix", "montant", "valeur f cfp", "valeur estimee f cfp", "valeur xpf",
        "prix f cfp", "montant f cfp", "value", "purchase cost", "cost", "cout", "cout d achat",
        "prix d achat", "prix d achat f cfp", "valeur d achat", "valeur d achat f cfp", "prix unitaire",
    ),
    "place": (
        "lieu", "lieux", "lieu d enlevement", "site", "emplacement", "localisation", "location",
        "default location", "bureau", "batiment", "salle",
    ),
    "condition": (
        "etat", "etat du materiel", "etat general", "condition", "etat physique",
    ),
    "holds_data": (
        "contient des donnees", "donnees", "disque", "holds data",
    ),
    "weight": (
        "poids", "poids kg", "weight", "masse",
    ),
    NOTE: (
        "nom", "name", "asset name", "nom de l actif", "entite", "entity", "entites", "statut", "status",
        "usager", "utilisateur", "user", "users", "alternate username", "checked out to", "affecte a",
        "derniere modification", "last update", "updated at", "mis a jour le", "date de reforme",
        "decommission date", "date de mise au rebut", "valeur nette comptable", "vnc", "net value",
        "book value", "numero d immobilisation", "n d immobilisation", "immobilization number", "commentaire",
        "commentaires", "comments", "notes", "note", "observation", "observations", "remarque", "remarques",
        "n", "no", "id", "numero", "rang", "company", "societe", "order number", "numero de commande",
        "fournisseur", "supplier", "warranty", "garantie", "eol", "model no", "n du modele",
        "numero de modele", "systeme d exploitation", "operating system", "composants processeur", "groupe",
        "technicien", "responsable", "created at", "cree le", "adresse ip", "mac address", "adresse mac",
    ),
}  # fmt: skip
POSITIONS: Final = (
    "nature",
    "quantity",
    "maker",
    "model",
    "serial",
    "inventory_tag",
    "purchased_on",
    "amount",
    "place",
)
STOCK: Final = Vocabulary(WORDS, LABELS)
_NOT_IN_ANNEX: Final = ("condition", "weight")
ANNEX: Final = Vocabulary(
    {name: words for name, words in WORDS.items() if name not in _NOT_IN_ANNEX}, LABELS, POSITIONS
)
