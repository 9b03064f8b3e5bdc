"""An S3 server on the loopback, from a package: what a city's own store is to the exchange."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from exchange.runtime.stack.ports import LOOPBACK

BUCKET = "materials"
KEYS = {"AWS_ACCESS_KEY_ID": "exchange", "AWS_SECRET_ACCESS_KEY": "made up"}


@contextmanager
def s3_server() -> Iterator[str]:
    """Give the address of a server with one empty bucket."""
    server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        urlopen(Request(f"{url}/{BUCKET}", method="PUT")).close()  # noqa: S310 - ours
        yield url
    finally:
        server.stop()
