"""Stand in for AWS on loopback until Ctrl-C, and print the export lines that direct AWS clients here."""

import argparse
import contextlib
import gc
import importlib.util
import logging
import os
import signal
import socket
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from local_aws.state.clock import MAX_SPEED

_WRONG_ARGUMENTS = _PORT_IN_USE = _NOT_INSTALLED = 2
_DEFAULT_PORT = 5123
_LOOPBACK = "127.0.0.1"
_EPILOG = (
    "What goes wrong is set by JSON under /_local_aws/ of its address: faults, denials, scenario, catalog, "
    "instance-role (local_aws/control/api.py lists all). With AWS_EC2_METADATA_SERVICE_ENDPOINT at its address and no "
    "keys, a client gets the credentials of an instance role."
)


def main() -> int:
    """Parse the arguments, print where the server is, and answer until SIGTERM or Ctrl-C."""
    arguments = _parser().parse_args()
    if importlib.util.find_spec("moto") is None:
        print("local_aws needs moto: script/install demo", file=sys.stderr)
        return _NOT_INSTALLED
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # SIGTERM ends it as Ctrl-C does; and Ctrl-C does so even if a shell started it with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        listener = socket.create_server((_LOOPBACK, arguments.port), backlog=128)
    except OSError as error:
        print(f"local_aws cannot listen on port {arguments.port}: {error.strerror}; try --port 0", file=sys.stderr)
        return _PORT_IN_USE
    with contextlib.suppress(KeyboardInterrupt):
        _serve(listener, arguments)
    return 0


def _serve(listener: socket.socket, arguments: argparse.Namespace) -> None:
    # moto takes a second to import: only once the arguments are valid and the port is free.
    from local_aws.server.application import make_server
    from local_aws.state.world import World

    world = World(
        arguments.seed,
        now=arguments.now,
        speed=arguments.speed,
        strict=arguments.strict,
        every_region=arguments.every_region,
    )
    server = make_server(world, listener)
    # moto's hundred thousand objects stay to the end: Python's garbage collector need not visit them, nor at exit.
    gc.freeze()
    _print_exports(f"http://{_LOOPBACK}:{server.port}")
    server.serve_forever()


def _print_exports(url: str) -> None:
    print(f"export AWS_ENDPOINT_URL={url}")
    print("export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE")
    print("export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    print("export AWS_DEFAULT_REGION=us-east-1")
    print(f"export SPOT_ADVISOR_URL={url}/spot-advisor-data.json", flush=True)


class _CommandLine(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Print what is wrong in one line, as the other programs of this repository do."""
        self.exit(_WRONG_ARGUMENTS, f"{self.prog}: {message}; --help shows what there is\n")


def _parser() -> argparse.ArgumentParser:
    parser = _CommandLine(prog="python -m local_aws", description=__doc__, epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"spot-collector {_version()}")
    parser.add_argument("--port", type=_port, default=_DEFAULT_PORT, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="each seed is another market (default: %(default)s)")
    parser.add_argument("--speed", type=_speed, default=1.0, help="market seconds per real second (default: 1)")
    parser.add_argument("--now", type=_time, help="start the market's clock at this ISO 8601 time (default: now)")
    parser.add_argument("--every-region", action="store_true", help="enable all Regions that need an opt-in")
    parser.add_argument("--strict", action="store_true", help="answer 500 rather than what AWS could not answer")
    return parser


def _version() -> str:
    # Read, not imported: the stand-in must not depend on the programs that are tested with it.
    project = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text}")
    return int(text)


def _speed(text: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 <= float(text) <= MAX_SPEED:
            return float(text)
    raise argparse.ArgumentTypeError(f"a speed is a number from 0 to {MAX_SPEED:.0f}, not {text}")


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"a time is written in ISO 8601, such as 2026-03-01T09:00:00+00:00, not {text!r}"
        ) from None
    return time.astimezone(UTC)  # without an offset: local time


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # without waiting for a thread that may still be loading EC2's service model
