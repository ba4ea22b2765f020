"""What moves under the hand."""

from .gates import PRESETS, GateExplorer, run_gates

__all__ = ["PRESETS", "GateExplorer", "run_gates"]
