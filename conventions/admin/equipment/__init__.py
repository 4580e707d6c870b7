"""« Matériel »: the stock, what is done to many devices at once, labels, what left the inventory, figures."""

from conventions.admin.equipment.listing import DeviceAdmin

__all__ = ["DeviceAdmin"]
