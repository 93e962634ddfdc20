"""Models for other programs: ``export`` writes them, and ``check`` holds them against the model."""
