"""Series to be forecast: measured ones, simulated ones, and the learner's own.

- `record`: what a series is (`Series`); `gaps` fills what is missing in one.
- `measured`: the two that come with statsmodels (`co2`, `sunspots`).
- `simulated` and `thermostat`: those that are made here (`weather`, `price`, `room`).
- `own_file`: reads a CSV file (`read`). Behind it, `file_text`, `cells` and `table` find the table in the file,
  `numbers` reads the values, and `date_columns`, `parts`, `names`, `dates`, `clock`, `when`, `timeline` and `steps`
  say when they were measured.

Forecasts are made and judged in `lstm_course.forecasting`.
"""

from .measured import co2, sunspots
from .own_file import read
from .record import Series
from .simulated import price, weather
from .thermostat import room

__all__ = ["Series", "co2", "price", "read", "room", "sunspots", "weather"]
