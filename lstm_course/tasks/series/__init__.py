"""Series to be forecast: measured, simulated, and your own.

- `record`: what a series is (`Series`); `gaps` fills missing values.
- `measured`: series that come with installed packages (`co2`, `sunspots`, `seattle`, `stock`).
- `simulated`: a series made by a program (`random_walk`).
- `own_file`: reads a CSV file (`read`). Behind it, `csv_file` and `table` find the table in the file, `numbers` reads
  the values, and `date_columns`, `column_names`, `dates`, `timeline` and `steps` determine when they were measured.

Forecasts are made and judged in `lstm_course.forecasting`.
"""

from .measured import co2, seattle, stock, sunspots
from .own_file import read
from .record import Series
from .simulated import random_walk

__all__ = ["Series", "co2", "random_walk", "read", "seattle", "stock", "sunspots"]
