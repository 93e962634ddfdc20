"""The command line's verbs: each module adds its own to the parser, and runs it."""
