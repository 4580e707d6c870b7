"""Whether the application does its own work: the steps of its sweep, its state for who looks after it."""
