"""What the addresses of network cameras may hold that is nobody else's business."""

import re

SECRET = re.compile(
    # Begins where a word begins, or a long one would be gone through from each of its parts.
    r"(?i)(?<![a-z_-])[_-]*(?:[a-z]+[_-]+)*"
    r"(?:user|usr|login|pass|pas|pwd|token|key|apikey|auth|secret|sig|signature|session|sid)"
    r"(?:[a-z]*|[_-][a-z]+)=[^&\s”'\"]*"
)
"""What the path or the query of an address says of who may use the camera."""


def without_secrets(text: str) -> str:
    """*text* without names and passwords of the addresses in it."""
    # A password may hold anything: what stands between the scheme and the last @ of a line goes.
    text = re.sub(r"(?<=://)[^\n]*@", "…@", text)
    return SECRET.sub(lambda found: f"{found[0].partition('=')[0]}=…", text)
