"""OpenVINO, imported in one place: without its telemetry.

OpenVINO reports to its makers whenever its conversion tools are imported, unless the package that
does so is missing. Nothing that a user does leaves the computer, so here it always is.
"""

import sys

sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]  # Importing it fails from now on.

import openvino  # noqa: E402

__all__ = ["openvino"]
