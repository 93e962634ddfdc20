"""What a run is asked to do: networks, recipes, presets. Needs no torch."""
