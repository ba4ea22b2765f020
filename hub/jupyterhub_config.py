"""A JupyterHub for one class: copy this file, fill in its first lines, and start the hub with it.

    jupyterhub --config /srv/lstm-hub/jupyterhub_config.py

teaching/jupyterhub.md explains every step. Everything below the first lines can be overridden at the end of your copy.
"""

import shutil
import sys
from pathlib import Path

from lstm_course.lessons import course_root

TEACHER = "teacher"
STUDENTS = {"ada", "boris"}
USERS = "system"  # accounts of this machine; "trial": one password for all and no protection, to try it out alone
CLASS = "lstm"  # nbgrader's name of the course
FOLDER = Path("/srv/lstm-hub")  # what the hub itself stores, and nbgrader's exchange

c = get_config()  # noqa: F821 - JupyterHub provides it

# --- the hub ------------------------------------------------------------------------------------------------------

own, exchange, programs = FOLDER / "private", FOLDER / "exchange", Path(sys.executable).parent
own.mkdir(parents=True, exist_ok=True)
FOLDER.chmod(0o755)
own.chmod(0o700)  # the database and the secret that signs cookies
c.JupyterHub.db_url = f"sqlite:///{own / 'jupyterhub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(own / "cookie_secret")
c.JupyterHub.bind_url = "http://127.0.0.1:8000"  # others come through a web server that speaks HTTPS
# nbgrader's buttons answer when their work is done, which takes minutes for a large class. In milliseconds:
c.ConfigurableHTTPProxy.command = [str(programs / "configurable-http-proxy"), "--proxy-timeout=1800000"]
c.ConfigurableHTTPProxy.pid_file = str(own / "proxy.pid")

c.Authenticator.allowed_users = {TEACHER, *STUDENTS}
if USERS == "system":
    c.JupyterHub.authenticator_class = "pam"  # or one for LTI or OAuth
    c.JupyterHub.spawner_class = "localprocess"
    # Anybody on the machine can listen to what a kernel prints on a port; files in one's own home are private.
    c.Spawner.args = ["--KernelManager.transport=ipc"]
else:
    c.JupyterHub.authenticator_class = "shared-password"
    c.SharedPasswordAuthenticator.user_password = "only to try it"
    c.JupyterHub.spawner_class = "simple"
    c.SimpleLocalProcessSpawner.home_dir_template = str(FOLDER / "home" / "{username}")

# --- each person's JupyterLab -------------------------------------------------------------------------------------

SETTINGS = course_root() / "hub" / "settings"


def settings(spawner):
    """Folders with settings, the first of which count most; students do without the teacher's panels."""
    folders = [] if spawner.user.name == TEACHER else [SETTINGS / "student"]
    return ":".join(map(str, [*folders, SETTINGS / "everybody"]))


# It first makes that person's copies in ~/work, as that person.
c.Spawner.cmd = [sys.executable, "-m", "lstm_course.cli", "lab"]
c.Spawner.default_url = "/lab/tree/notebooks/start.ipynb"
c.Spawner.http_timeout = c.Spawner.start_timeout = 120
c.Spawner.environment = {
    "PATH": f"{programs}:/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "LSTM_COURSE_WORK": "~/work",
    "JUPYTER_CONFIG_PATH": settings,
    # What settings/everybody/nbgrader_config.py asks for.
    "LSTM_HUB_CLASS": CLASS,
    "LSTM_HUB_EXCHANGE": str(exchange),
    "LSTM_HUB_TEACHER": TEACHER,
    "LSTM_HUB_USERS": USERS,
}

# --- nbgrader's exchange ------------------------------------------------------------------------------------------

(exchange / CLASS).mkdir(parents=True, exist_ok=True)
exchange.chmod(0o1777)  # nbgrader asks that everybody can write here; nobody can remove or rename another's folder
(exchange / CLASS).chmod(0o755)
if USERS == "system":
    shutil.chown(exchange / CLASS, TEACHER)
