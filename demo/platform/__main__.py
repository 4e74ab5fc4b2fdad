"""Runs the platform: its pages in threads, its bridge to Waarborg in one more."""

import argparse
import logging
import signal
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from demo import access
from demo.house import House
from demo.platform.app import Platform
from demo.platform.bridge import Bridge
from demo.platform.store import Store


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128


class _Handler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the feeder calls many times a second."""

    def address_string(self) -> str:
        """Return the address as it is, without asking a name server."""
        return str(self.client_address[0])


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m demo.platform", description=__doc__)
    access.add_arguments(parser)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument(
        "--data", type=Path, required=True, help="where the platform keeps its posts"
    )
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    given = access.read(asked.access)
    store = Store(asked.data)
    bridge = Bridge(store, House(asked.house, given.api_key))
    server = _Server(("127.0.0.1", asked.port), _Handler)
    server.set_app(Platform(store, given, bridge, house=asked.house))
    for number in (signal.SIGTERM, signal.SIGINT):
        # shutdown() waits for the serving loop, which this handler interrupts.
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    bridge.start()
    server.serve_forever(poll_interval=0.2)
    bridge.stop()
    server.server_close()


if __name__ == "__main__":
    main()
