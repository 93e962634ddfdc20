"""The Compare view of the Models page."""
