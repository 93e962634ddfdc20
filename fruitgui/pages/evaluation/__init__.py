"""The Evaluate view of the Models page."""
