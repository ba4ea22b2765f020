"""nbgrader on the hub: where the exchange is, and where people work; the hub's configuration names both."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

work = Path(os.environ["LSTM_COURSE_WORK"]).expanduser()
c.CourseDirectory.course_id = os.environ["LSTM_HUB_CLASS"]
c.Exchange.root = os.environ["LSTM_HUB_EXCHANGE"]
c.Exchange.assignment_dir = str(work)  # otherwise it is wherever the server or the terminal happens to be
if os.environ["LSTM_HUB_TEACHER"]:
    c.CourseDirectory.root = str(work / "class")
elif os.environ["LSTM_HUB_STUDENT"]:
    c.CourseDirectory.student_id = os.environ["LSTM_HUB_STUDENT"]
