"""The staff's admin. `registry` names the pages; nothing is imported here, as the package loads before the models."""
