"""Collecting from nbgrader's exchange only what belongs to the student whose name it bears.

nbgrader believes the name that is part of a submission's own, which anybody can choose, and collects the latest one of
each name. A student could so replace another's work, and nbgrader would only print a warning.
"""

import os
import pwd
from pathlib import Path

from nbgrader.exchange.default import ExchangeCollect


class CollectFromOwners(ExchangeCollect):
    """nbgrader's *Collect*, which passes over submissions that belong to somebody else than they claim.

    In ``nbgrader_config.py``, where each student has an account of the same name on the machine::

        c.ExchangeFactory.collect = "lstm_course.classroom.for_nbgrader.exchange.CollectFromOwners"
    """

    def init_src(self):
        super().init_src()
        self.src_records = [record for record in self.src_records if record["username"]]

    def _path_to_record(self, path):
        """What nbgrader reads from a submission's name; without the student's name if it is another's."""
        record, owner = super()._path_to_record(path), self._owner(path)
        if record["username"] != owner:
            self.log.warning("%s was handed in by %s, and is not collected.", path, owner or "nobody known")
            record["username"] = ""
        return record

    def _owner(self, path):
        """The name of the account that a submission belongs to; empty if there is none, or if it is a link."""
        path = Path(self.inbound_path, path)
        if path.is_symlink():
            return ""
        try:
            return pwd.getpwuid(os.lstat(path).st_uid).pw_name
        except KeyError:
            return ""
