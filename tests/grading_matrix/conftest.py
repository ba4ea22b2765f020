"""Makes `answers` and `mutants` of the questions' tests importable here."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "questions"))
