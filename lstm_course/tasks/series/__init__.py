"""Series to be forecast: measured, simulated, and your own.

- `record`: what a series is (`Series`); `gaps` fills missing values.
- `measured`: the two series that come with statsmodels (`co2`, `sunspots`).
- `simulated` and `thermostat`: series made by a program (`weather`, `price`, `room`).
- `own_file`: reads a CSV file (`read`). Behind it, `csv_file` and `table` find the table in the file, `numbers` reads
  the values, and `date_columns`, `column_names`, `dates`, `timeline` and `steps` determine when they were measured.

Forecasts are made and judged in `lstm_course.forecasting`.
"""

from .measured import co2, sunspots
from .own_file import read
from .record import Series
from .simulated import price, weather
from .thermostat import room

__all__ = ["Series", "co2", "price", "read", "room", "sunspots", "weather"]
