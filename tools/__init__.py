"""Programs for those who build and ship the app."""
