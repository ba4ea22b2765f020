"""What moves under the hand."""

from .cell_values import run_gates
from .live_cell import PRESETS, LiveCell

__all__ = ["PRESETS", "LiveCell", "run_gates"]
