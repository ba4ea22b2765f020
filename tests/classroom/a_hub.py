"""A JupyterHub on this machine alone, from the configuration that teachers copy, on a copy of the course."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from jupyter_client import BlockingKernelClient

from lstm_course import lessons

LINES = """
c.JupyterHub.bind_url = "http://127.0.0.1:{}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{}"
c.Spawner.environment["PYTHONPATH"] = {!r}
c.Spawner.environment["OMP_NUM_THREADS"] = "1"
c.JupyterHub.services = [{{"name": "test", "api_token": {!r}}}]
c.JupyterHub.load_roles = [
    {{"name": "test", "services": ["test"], "scopes": ["admin:users", "admin:servers", "tokens"]}}
]
c.JupyterHub.cleanup_servers = c.JupyterHub.cleanup_proxy = True
"""
PATIENCE = 300  # seconds; only there to end what hangs


class Hub:
    """The hub, its folder, and what is asked of it and of each person's server over HTTP."""

    def __init__(self, root, first_lines):
        """Copy the course to ``root/course``, fill in the configuration's first lines, and start the hub."""
        self.root, self.course, self.tokens = root, root / "course", {}
        for name in ("lstm_course", "notebooks", "exercises", "solutions", "hub"):
            shutil.copytree(lessons.course_root() / name, self.course / name)
        config = root / "jupyterhub_config.py"
        text = (self.course / "hub" / "jupyterhub_config.py").read_text(encoding="utf-8")
        for line, mine in first_lines.items():
            assert text.count(line) == 1, line
            text = text.replace(line, mine)
        ports, self.token = free_ports(3), os.urandom(16).hex()
        config.write_text(text + LINES.format(*ports, str(self.course), self.token), encoding="utf-8")
        self.url = f"http://127.0.0.1:{ports[0]}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
        environment |= {"PYTHONPATH": str(self.course), "HOME": str(root)}
        with open(root / "hub.log", "wb") as log:
            command = [sys.executable, "-m", "jupyterhub", "--config", config]
            self.process = subprocess.Popen(command, env=environment, cwd=root, stdout=log, stderr=log)
        try:
            self.wait("the hub", lambda: self.hub("GET", "/users") is not None)
        except BaseException:
            self.stop()
            raise

    def stop(self):
        """End the hub, which ends its proxy and everybody's server."""
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait(self, what, ready):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if ready():
                    return
            except (urllib.error.URLError, ConnectionError):
                pass  # it does not listen yet
            time.sleep(0.1)
        raise RuntimeError(f"{what}: nothing happened.\n{(self.root / 'hub.log').read_text(errors='replace')[-5000:]}")

    def hub(self, method, path, **body):
        return ask(method, f"{self.url}/hub/api{path}", self.token, body)

    def start(self, *names):
        """Start people's servers, as the button does after the login."""
        for name in names:
            self.hub("POST", f"/users/{name}/server")
        for name in names:
            self.wait(f"{name}'s server", lambda: self.server(name).get("ready"))  # noqa: B023 - called in this round
            self.tokens[name] = self.hub("POST", f"/users/{name}/tokens", expires_in=3600)["token"]

    def server(self, name):
        """What the hub knows about a person's server; nothing if it does not run."""
        return self.hub("GET", f"/users/{name}")["servers"].get("", {})

    def close(self, name):
        self.hub("DELETE", f"/users/{name}/server")
        self.wait(f"{name}'s server", lambda: not self.server(name))

    def user(self, name, method, path, /, by=None, **body):
        """Ask a person's server, with that person's token or with somebody else's."""
        return ask(method, f"{self.url}/user/{name}{path}", self.tokens[by or name], body)

    def run(self, name, code):
        """What `code` prints in a kernel of that person's server, started as for an exercise."""
        kernel = self.user(name, "POST", "/api/kernels", name="python3", path="exercises")["id"]
        (file,) = self.home(name).glob(f".local/share/jupyter/runtime/kernel-{kernel}.json")
        client, printed = BlockingKernelClient(connection_file=str(file)), []
        client.load_connection_file()
        client.start_channels(hb=False)  # a busy machine misses beats
        try:
            client.wait_for_ready(timeout=PATIENCE)
            client.execute_interactive(code, timeout=PATIENCE, output_hook=printed.append)
        finally:
            client.stop_channels()
            self.user(name, "DELETE", f"/api/kernels/{kernel}")
        return "".join(message["content"].get("text", "") for message in printed)

    def home(self, name):
        return self.root / "hub" / "home" / name


def ask(method, url, token, body):
    data = json.dumps(body).encode() if body or method in ("POST", "PUT") else None
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        content = answer.read()
    return json.loads(content) if content else {}


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
