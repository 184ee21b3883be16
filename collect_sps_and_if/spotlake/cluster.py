"""Batches summarised on an existing Dask cluster: read from S3, or from a folder that all its machines share."""

from __future__ import annotations

import io
import logging
import tempfile
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from collect_sps_and_if.spotlake.batches import Batch
from collect_sps_and_if.spotlake.count.summary import Summary, all_skipped
from collect_sps_and_if.spotlake.find.times import Span
from collect_sps_and_if.spotlake.summarise import summarise
from common.errors import Refusal

_ANSWER_SECONDS = 10
"""Within which the scheduler has to answer at first."""
_AHEAD_PER_THREAD = 2
"""Batches under way or waiting for their turn to be merged, for each thread of the cluster."""
_WHY_LOST = "the cluster lost every worker that read it"


class ClusterWorkers:
    """The workers of a Dask cluster; its scheduler gives the batch of a lost worker to another one."""

    def __init__(self, scheduler: str) -> None:
        """Connect, and send this code there: the workers need not have a copy of it.

        Raises Refusal if Dask is not installed, the scheduler does not answer, or it has no workers.
        """
        try:
            import distributed
        except ImportError:
            raise Refusal("--scheduler needs Dask: script/install cluster") from None
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            client: Any = distributed.Client
            self._client: Any = client(scheduler, timeout=_ANSWER_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise Refusal(
                f"no Dask scheduler answers at {scheduler} ({error}): start one there with `dask scheduler`, "
                "or leave out --scheduler to work on this machine"
            ) from error
        self.count = sum(self._client.nthreads().values())
        if not self.count:
            self._client.close()
            raise Refusal(
                f"the Dask scheduler at {scheduler} has no workers: start some with `dask worker {scheduler}`"
            )
        self._send_code()

    def __enter__(self) -> ClusterWorkers:
        """Give the workers."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Disconnect; batches that are still under way are cancelled."""
        self._client.close()

    def summaries(self, batches: Sequence[Batch], window: Span) -> Iterator[Summary]:
        """Summarise batches, in their order. Raises Refusal if the scheduler goes away."""
        from concurrent.futures import CancelledError

        import distributed

        left = deque(batches)
        ahead: deque[tuple[Batch, Any]] = deque()
        while left or ahead:
            while left and len(ahead) < _AHEAD_PER_THREAD * self.count:
                batch = left.popleft()
                ahead.append((batch, self._client.submit(summarise, batch, window, pure=False)))
            batch, future = ahead.popleft()
            try:
                yield future.result()
            except distributed.scheduler.KilledWorker:
                yield all_skipped(batch, _WHY_LOST)
            except ImportError as error:
                raise Refusal(
                    f"the cluster's workers lack a library ({error}): install requirements.txt there"
                ) from error
            except (CancelledError, OSError) as error:
                raise Refusal(f"the Dask scheduler does not answer any more ({error}); nothing was written") from error

    def _send_code(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            packed = Path(folder) / "spot_bootstrap_code.zip"
            packed.write_bytes(_code())
            self._client.upload_file(str(packed))


def _code() -> bytes:
    """Pack all modules that `summarise` imports into a zip."""
    root = Path(__file__).resolve().parents[2]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for pattern in ("collect_sps_and_if/*.py", "collect_sps_and_if/spotlake/**/*.py", "common/*.py"):
            for path in sorted(root.glob(pattern)):
                archive.write(path, path.relative_to(root).as_posix())
    return packed.getvalue()
