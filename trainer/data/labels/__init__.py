"""Labels that come otherwise than by class folders: from a table, a JSON file, or photos' names."""
