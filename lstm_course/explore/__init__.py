"""Interactive pictures: the live cell, smaller live widgets, and figures with sliders."""

from .cell_values import run_gates
from .live_cell import PRESETS, LiveCell
from .memory_horizon import MemoryHorizon
from .moving_figure import MovingFigure
from .patient_monitor import PatientMonitor
from .saturation import SaturationSlider
from .spectral_radius import SpectralRadius
from .typed_text import TypedText

__all__ = [
    "PRESETS",
    "LiveCell",
    "MemoryHorizon",
    "MovingFigure",
    "PatientMonitor",
    "SaturationSlider",
    "SpectralRadius",
    "TypedText",
    "run_gates",
]
