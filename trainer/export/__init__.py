"""Models for other programs: ``write`` exports them, and ``check`` holds them against the model."""
