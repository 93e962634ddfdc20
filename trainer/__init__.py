"""Data, model, fit, evaluate and predict, for photos of fruit and vegetables; knows no Qt."""

from trainer.runtime.openmp import let_waiting_threads_sleep

__version__ = "0.1.0"

let_waiting_threads_sleep()
