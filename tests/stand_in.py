"""Start the local AWS as a process of its own, as a user would, and talk to it."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from local_aws.control.client import ControlClient

REPOSITORY = Path(__file__).parent.parent
_OURS = ("AWS_", "SPOT_", "MOTO_")


class StandIn:
    """`python -m local_aws` on a free port; its environment points any AWS client at it."""

    def __init__(self, *arguments: str) -> None:
        # A file, not a pipe: nobody reads it until the end, and a full pipe would stop the server.
        self._stderr = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed by stop()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "local_aws", "--port", "0", "--strict", *arguments],
            cwd=REPOSITORY,
            env={name: value for name, value in os.environ.items() if not name.startswith(_OURS)},
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
        )
        assert self._process.stdout is not None
        exports = [self._process.stdout.readline() for _ in range(5)]
        if not all(exports):
            raise AssertionError(f"local_aws did not start: {self._written()}")
        #: What `export` lines set: AWS_ENDPOINT_URL, credentials, SPOT_ADVISOR_URL.
        self.environment = dict(line.removeprefix("export ").strip().split("=", 1) for line in exports)
        self.url = self.environment["AWS_ENDPOINT_URL"]
        self.advisor_url = self.environment["SPOT_ADVISOR_URL"]
        self.control = ControlClient(self.url)

    def client(self, service: str = "ec2", region: str = "us-east-1", **options: Any) -> Any:
        """Return a boto3 client that asks once; options are boto3's."""
        # Not at the top: every test session loads this module, and few need boto3.
        import boto3
        from botocore.config import Config

        options.setdefault("config", Config(retries={"total_max_attempts": 1}, max_pool_connections=50))
        options.setdefault("aws_access_key_id", self.environment["AWS_ACCESS_KEY_ID"])
        options.setdefault("aws_secret_access_key", self.environment["AWS_SECRET_ACCESS_KEY"])
        client: Any = boto3.client  # of any service: what it answers is typed where that matters
        return client(service, region_name=region, endpoint_url=self.url, **options)

    def stop(self, with_signal: int = signal.SIGTERM) -> tuple[int, str]:
        """End it; return its exit code, and what it wrote to stderr."""
        self._process.send_signal(with_signal)
        code = self._process.wait(timeout=10)
        written = self._written()
        self._stderr.close()
        if self._process.stdout:
            self._process.stdout.close()
        return code, written

    def _written(self) -> str:
        self._stderr.seek(0)
        return self._stderr.read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self.stop()
