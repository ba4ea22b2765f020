"""Series to be forecast: measured ones, simulated ones, and the learner's own.

`record` has what a series is (`Series`), `measured` the two that come with statsmodels (`co2`, `sunspots`),
`simulated` and `thermostat` what is made here (`weather`, `price`, `room`), `own_file` reads a CSV file (`read`), with
`csv_cells` and `steps` behind it, and `gaps` fills what is missing. Forecasts of them are made and judged in
`lstm_course.forecasting`.
"""

from .measured import co2, sunspots
from .own_file import read
from .record import Series
from .simulated import price, weather
from .thermostat import room

__all__ = ["Series", "co2", "price", "read", "room", "sunspots", "weather"]
