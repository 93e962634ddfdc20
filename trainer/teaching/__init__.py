"""Teaching a finished model kinds that it does not know, in seconds and without the old photos."""
