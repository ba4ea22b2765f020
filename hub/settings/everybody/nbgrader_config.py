"""nbgrader on the hub: where the exchange is, and where people work; the hub's configuration names both."""

import os
from pathlib import Path

c = get_config()  # noqa: F821 - nbgrader provides it

work, person = Path(os.environ["LSTM_COURSE_WORK"]).expanduser(), os.environ["JUPYTERHUB_USER"]
c.CourseDirectory.course_id = os.environ["LSTM_HUB_CLASS"]
c.Exchange.root = os.environ["LSTM_HUB_EXCHANGE"]
c.Exchange.assignment_dir = str(work)  # otherwise it is wherever the server or the terminal happens to be
if os.environ["LSTM_HUB_USERS"] == "system":  # where each person has an account
    c.ExchangeFactory.collect = "lstm_course.classroom.for_nbgrader.exchange.CollectFromOwners"
if person == os.environ["LSTM_HUB_TEACHER"]:
    c.CourseDirectory.root = str(work / "class")
elif os.environ["LSTM_HUB_USERS"] != "system":  # otherwise nbgrader takes the name of the account
    c.CourseDirectory.student_id = person
