"""The real program on a fresh demo study, and a small client for it."""

import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

# Longest wait for the program to be ready; far more than it ever needs.
PATIENCE_SECONDS = 120
# No limit of requests: what is asked here is what they would refuse.
NO_LIMIT = "1000000000"


class Client:
    """Asks a server. Answers that are not 2xx are errors."""

    def __init__(self, url):
        self.url = url

    def ask(self, method, path, token=None, body=None, headers=None):
        """The JSON of an answer; None when it has no body."""
        data = None if body is None else json.dumps(body).encode()
        return self._send(method, path, token, data, {"content-type": "application/json"} | (headers or {}))

    def send_part(self, path, token, data):
        """Uploads a whole file as one part."""
        headers = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
        return self._send("PATCH", path, token, data, headers)

    def log_in(self, email, password):
        """An access token."""
        return self.ask("POST", "/v1/sessions", body={"email": email, "password": password})["accessToken"]

    def _send(self, method, path, token, data, headers):
        if token:
            headers["authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=300) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refusal:
            raise RuntimeError(f"{method} {path}: {refusal.code} {refusal.read().decode(errors='replace')}") from None
        return json.loads(text) if text else None


class Server:
    """A server of its own with the demo study, in a folder (and on PostgreSQL a database) of its own. Use it with `with`."""

    def __init__(self, binary, postgres):
        self.binary, self.postgres = binary, postgres
        self.process = self.folder = None

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="duiding-schemathesis-")
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.folder.cleanup()

    @property
    def path(self):
        """The data folder."""
        return Path(self.folder.name)

    def log(self):
        """What the server said to standard error."""
        return (self.path / "log").read_text(errors="replace")

    def _start(self):
        port = free_port()
        env = self._settings(port)
        subprocess.run([self.binary, "demo"], env=env, check=True, stdout=subprocess.DEVNULL)
        sheet = (self.path / "demo-logins.txt").read_text()
        self.project = re.search(r"^project: (\S+)", sheet, re.M)[1]
        self.logins = {role: (email, password) for role, email, password in re.findall(r"^(\S+) +(\S+@\S+) +(\S+)$", sheet, re.M)}
        with open(self.path / "log", "wb") as log:
            self.process = subprocess.Popen([self.binary, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=log)
        self.client = Client(f"http://127.0.0.1:{port}")
        self._wait()

    def _settings(self, port):
        # Settings of whoever calls us must not reach the program: it writes into what they name.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("DUIDING_", "AWS_"))}
        return kept | {
            "DATABASE_URL": self._database(),
            "DUIDING_DATA_DIR": str(self.path),
            "DUIDING_PORT": str(port),
            "DUIDING_LOG": "warn",
            "DUIDING_ACCESS_MINUTES": "1440",
            "DUIDING_RATE_ACTOR": NO_LIMIT,
            "DUIDING_RATE_ADDRESS": NO_LIMIT,
            "DUIDING_RATE_FAILURES": NO_LIMIT,
            "NO_COLOR": "1",
        }

    def _database(self):
        if not self.postgres:
            return str(self.path / "duiding.sqlite")
        name = f"s{uuid.uuid4().hex}"
        psql = ["psql", "--quiet", "--no-psqlrc", "--dbname", self.postgres, "--command", f"create database {name}"]
        subprocess.run(psql, check=True)
        return f"{self.postgres.rsplit('/', 1)[0]}/{name}"

    def _wait(self):
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}: {self.log()}")
            try:
                return self.client.ask("GET", "/readyz")
            except (OSError, RuntimeError):
                time.sleep(0.05)
        raise RuntimeError(f"the server was not ready in time: {self.log()}")


def free_port():
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
