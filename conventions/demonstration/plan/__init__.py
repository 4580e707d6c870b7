"""Demonstration data: the real published cases (`cases`), and invented ones marked « (fictif) » (`fictive`)."""
