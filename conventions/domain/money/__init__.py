"""Money: payments by their events, what is left, and the guards of what we do."""
