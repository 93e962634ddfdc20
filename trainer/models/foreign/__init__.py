"""Weights that learnt elsewhere: read, recognised, and made a model of ours."""
