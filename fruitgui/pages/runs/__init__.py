"""The Runs view of the Models page."""
