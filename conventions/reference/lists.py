"""The editable lists as they are first delivered; afterwards their content belongs to the office.

Every entry is (slug, name, further columns). Nothing here is read again once the migration has run.
"""

import datetime

# Group names; their wording is in conventions.enums.Role.
ROLES = ("gestionnaire", "juriste", "direction", "comptable", "logistique", "communication", "lecture")

# slug, name, title of the act, legal basis
KINDS = (
    ("partenariat", "partenariat", "Convention de partenariat", ""),
    (
        "mecenat",
        "mécénat",
        "Convention de mécénat",
        "code des impôts de la Nouvelle-Calédonie, articles Lp. 37-2 et Lp. 37-3 (mécénat économique)",
    ),
    ("parrainage", "parrainage", "Convention de parrainage", ""),
    ("subvention", "subvention", "Convention d’attribution de subvention", ""),
    ("mise_a_disposition", "mise à disposition", "Convention de mise à disposition", ""),
)
# Of an act signed before the application whose source names no kind: slug, name, title of the act.
UNSPECIFIED_KIND = ("non-precisee", "nature non précisée", "Convention")

# slug, name, behaviour
SUPPORT_KINDS = (
    ("don", "don", "don"),
    ("pret", "prêt ou mise à disposition", "pret"),
    ("telecom", "service télécom", "service"),
    ("local", "local", "service"),
    ("timbre", "timbre", "ponctuel"),
    ("competences", "compétences", "ponctuel"),
    ("communication", "communication", "service"),
    ("visibilite", "visibilité", "service"),
)

# The four values that OPT-NC's press release of 14 March 2023 names.
VALUES = (
    ("cohesion", "cohésion"),
    ("qualite-de-service", "qualité de service"),
    ("innovation", "innovation"),
    ("responsabilite", "responsabilité"),
)

# The plan named by the same press release; its exact dates are not published.
PLANS = (
    ("construire-demain-opt-2025", "Construire Demain | OPT 2025", tuple(slug for slug, _name in VALUES)),
)

THEMES = (
    ("solidarite", "solidarité"),
    ("education", "éducation et jeunesse"),
    ("sport", "sport"),
    ("culture", "culture et patrimoine"),
    ("sante", "santé et prévention"),
    ("insertion", "insertion et emploi"),
    ("numerique", "inclusion numérique"),
    ("environnement", "environnement"),
    ("droits-et-ecoute", "écoute et aide aux victimes"),
)

_CONVERTED = "convertie à 1 F CFP = 0,00838 €. Le montant propre à la Nouvelle-Calédonie reste à confirmer."

# code, rule, amount in XPF, in force since, source; both are to be confirmed by the legal service.
THRESHOLDS = (
    (
        "convention-obligatoire",
        "Convention obligatoire au-delà de ce total par bénéficiaire et par an",
        2_744_630,
        datetime.date(2001, 6, 6),
        f"Décret n° 2001-495 du 6 juin 2001 (règle nationale, 23 000 €), {_CONVERTED}",
    ),
    (
        "depot-des-comptes",
        "Dépôt des comptes au-delà de ce total par bénéficiaire et par an",
        18_257_757,
        datetime.date(2001, 6, 6),
        f"Règle nationale (153 000 €), {_CONVERTED}",
    ),
)

# What gives New Caledonia, its provinces and their public bodies the same two thresholds; whether it writes francs
# CFP, and whether mécénat counts, is to be confirmed.
DECREE_OF = datetime.date(2014, 10, 24)
_DECREE = "Décret n° 2014-1243 du 24 octobre 2014"
DECREE_SOURCES = {
    "convention-obligatoire": f"{_DECREE} (23 000 €), {_CONVERTED}",
    "depot-des-comptes": f"{_DECREE} (153 000 €), {_CONVERTED}",
}

# OPT-NC's own row: what is certain and public, no identifier and no address.
OPT = {
    "name": "Office des postes et télécommunications de Nouvelle-Calédonie",
    "acronym": "OPT-NC",
    "slug": "opt-nc",
    "nature": "etablissement_public",
    "gender": "m",
}
# Papers that justify a payment: paper, which payments. The national list was not found; the accountant confirms them.
PAPERS_SINCE = datetime.date(2026, 1, 1)
PAPERS = (
    ("deliberation", ""),
    ("convention", ""),
    ("avenants", ""),
    ("rib", ""),
    ("compte_rendu", "suivants"),
)
