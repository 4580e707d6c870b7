"""Places of New Caledonia: provinces, communes with their INSEE and postal codes, and wider territories.

INSEE codes (Code officiel géographique) and postal codes collide there: never infer one from the other.
"""

from dataclasses import dataclass

SUD, NORD, ILES = "province-sud", "province-nord", "province-des-iles-loyaute"


@dataclass(frozen=True, slots=True)
class Place:
    """One place; `provinces` holds the slugs of the provinces it lies in (two for Poya)."""

    slug: str
    name: str
    level: str
    insee_code: str = ""
    postal_code: str = ""
    provinces: tuple[str, ...] = ()


WIDER = (
    Place("nouvelle-caledonie-entiere", "Nouvelle-Calédonie entière", "territoire"),
    Place("wallis-et-futuna", "Wallis-et-Futuna", "territoire"),
    Place("pacifique", "Pacifique", "region"),
)
PROVINCES = (
    Place(SUD, "Province Sud", "province"),
    Place(NORD, "Province Nord", "province"),
    Place(ILES, "Province des Îles Loyauté", "province"),
)
_SUD = """
boulouparis Boulouparis 98802 98812
bourail Bourail 98803 98870
dumbea Dumbéa 98805 98835
farino Farino 98806 98881
ile-des-pins Île_des_Pins 98809 98832
la-foa La_Foa 98813 98880
moindou Moindou 98816 98819
mont-dore Mont-Dore 98817 98809
noumea Nouméa 98818 98800
paita Païta 98821 98889
sarramea Sarraméa 98828 98882
thio Thio 98829 98829
yate Yaté 98832 98834
"""
_NORD = """
belep Bélep 98801 98811
canala Canala 98804 98813
hienghene Hienghène 98807 98815
houailou Houaïlou 98808 98816
kaala-gomen Kaala-Gomen 98810 98817
kone Koné 98811 98859
kouaoua Kouaoua 98833 98818
koumac Koumac 98812 98850
ouegoa Ouégoa 98819 98821
poindimie Poindimié 98822 98822
ponerihouen Ponérihouen 98823 98823
pouebo Pouébo 98824 98824
pouembout Pouembout 98825 98825
poum Poum 98826 98826
touho Touho 98830 98831
voh Voh 98831 98833
"""
_ILES = """
lifou Lifou 98814 98820
mare Maré 98815 98878
ouvea Ouvéa 98820 98814
"""


def _communes(rows: str, *provinces: str) -> list[Place]:
    found = []
    for row in rows.split("\n"):
        if row:
            slug, name, insee, postal = row.split(" ")
            found.append(Place(slug, name.replace("_", " "), "commune", insee, postal, provinces))
    return found


COMMUNES = tuple(
    sorted(
        [
            *_communes(_SUD, SUD),
            *_communes(_NORD, NORD),
            *_communes(_ILES, ILES),
            *_communes("poya Poya 98827 98827", NORD, SUD),
        ],
        key=lambda place: place.slug,
    )
)
PLACES = (*WIDER, *PROVINCES, *COMMUNES)
