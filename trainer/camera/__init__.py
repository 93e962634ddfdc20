"""From camera frames to a label that holds still."""
