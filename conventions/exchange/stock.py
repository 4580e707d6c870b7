"""What the lists of the stock export: one table of columns each (`exchange.tables` writes them)."""

from typing import TYPE_CHECKING

from conventions.domain.equipment.accounting import bought, why
from conventions.equipment_enums import DeviceCondition, DeviceState, MediaState
from conventions.exchange.tables import Column

if TYPE_CHECKING:
    from conventions.domain.equipment.queries import ToldDevice

# Devices as `domain.equipment.queries.told` reads them.
DEVICE_COLUMNS = (
    Column("Nature", lambda row: row.nature),
    Column("Marque", lambda row: row.maker),
    Column("Modèle", lambda row: row.model),
    Column("Numéro de série", lambda row: row.serial),
    Column("Numéro d’inventaire", lambda row: row.inventory_tag),
    Column("Où il en est", lambda row: DeviceState(row.state).label),
    Column("Données", lambda row: MediaState(row.media_state).label),
    Column("Convention", lambda row: row.held_for),
    Column("Date d’achat", lambda row: bought(row)),
    Column("Valeur estimée (F CFP)", lambda row: row.amount),
    Column("Poids (grammes)", lambda row: row.weight_grams),
    Column("État", lambda row: _condition(row)),
    Column("Lieu", lambda row: row.place),
    Column("Réformé le", lambda row: row.reformed_on),
    Column("Délibération", lambda row: str(row.board_decision) if row.board_decision else None),
    Column("Perdu le", lambda row: row.lost_on),
    Column("Sorti de l’inventaire le", lambda row: row.written_off_on),
)

# Devices as `domain.equipment.accounting.left_in` reads them.
WRITE_OFF_COLUMNS = (
    Column("Nature", lambda row: row.nature),
    Column("Marque", lambda row: row.maker),
    Column("Modèle", lambda row: row.model),
    Column("Numéro de série", lambda row: row.serial),
    Column("Numéro d’inventaire", lambda row: row.inventory_tag),
    Column("Date d’achat", lambda row: bought(row)),
    Column("Valeur estimée (F CFP)", lambda row: row.amount),
    Column("Sorti le", lambda row: row.written_off_on),
    Column("Motif", lambda row: why(row)),
    Column("Convention n°", lambda row: row.given_under),
    Column("Convention", lambda row: row.given_to),
)


def _condition(row: "ToldDevice") -> str:
    said = "" if row.condition == DeviceCondition.UNKNOWN else str(DeviceCondition(row.condition).label)
    return " : ".join(part for part in (said, row.condition_words) if part)
