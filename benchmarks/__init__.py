"""Side-by-side measurements against a plain baseline, each a command."""
