"""A real SMTP server on this machine whose behaviour is chosen while it runs: it hangs, drops, delays, refuses."""

import contextlib
import re
import socketserver
import threading
import time
from collections import Counter
from contextlib import contextmanager
from email import message_from_bytes

FOREVER = 30  # seconds: longer than anyone here waits


class Handler(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, ValueError):  # who spoke has gone
            self.converse()

    def converse(self) -> None:
        if self.server.mood == "hangs":
            self.server.released.wait(FOREVER)
            return
        if self.server.mood == "refuses":
            return self.say("421 4.3.2 closing")
        self.say("220 loopback")
        to = []
        while line := self.rfile.readline().decode(errors="replace").strip():
            verb = line.split(":")[0].upper()
            if verb == "RCPT TO":
                to.append(re.search(r"<(.*?)>", line)[1])
            if verb == "DATA":
                self.say("354 go")
                if not self.take(to):
                    return None
                to = []
                continue
            self.say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return None
        return None

    def take(self, to: list[str]) -> bool:
        """Read a message and answer as the mood says; False when the connection ends there."""
        if self.server.mood == "drops":
            self.rfile.read(200)
            return False
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            lines.append(line)
        if self.server.mood == "later":
            self.say("451 4.3.0 later")
            return True
        if self.server.mood == "slow":
            time.sleep(self.server.delay)
        self.server.keep(to, b"".join(lines))
        if self.server.mood == "mute":
            self.server.released.wait(FOREVER)
            return False
        self.say("250 taken")
        return True


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self, delay: float = 0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.mood, self.delay = "well", delay
        self.released = threading.Event()
        self.received: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def keep(self, to: list[str], content: bytes) -> None:
        message = message_from_bytes(content)
        with self._lock:
            self.received.update((address, message["Message-ID"]) for address in to)

    def becomes(self, mood: str) -> None:
        self.mood = mood
        self.released.set()
        self.released = threading.Event()


@contextmanager
def running(settings, **values):
    """The site's mail server, its times scaled down: 0.4 s for an answer, 2 s for that to a whole message."""
    server = Server(**values)
    settings.EMAIL_BACKEND = "conventions.domain.mails.smtp.PatientBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
    settings.EMAIL_TIMEOUT, settings.EMAIL_TAKING_TIMEOUT = 0.4, 2
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server
    finally:
        server.becomes("well")
        server.shutdown()
        server.server_close()
