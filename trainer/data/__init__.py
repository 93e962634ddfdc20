"""From folders and files to labelled photos, and what the user changes in them."""
