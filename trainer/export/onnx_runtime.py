"""ONNX Runtime, imported in one place: without its telemetry.

Since version 1.29 it reports to its makers from the moment that it is imported, unless a variable
of the environment says otherwise; on Windows, where it leaves that to the system, unless it is told
so. Nothing that a user does leaves the computer, so here it is always told.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime

onnxruntime.disable_telemetry_events()

__all__ = ["onnxruntime"]
