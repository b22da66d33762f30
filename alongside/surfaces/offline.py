"""The worker with which the published pages can be kept on a device. Nothing starts it but a button on one page."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["worker"]

WORKER = Path(__file__).parent / "offline-worker.js"


def worker(made: Mapping[Path, str | bytes]) -> str:
    """The text of the worker for these files (path within the site: contents).

    It names each with its checksum, and a version that is another one as soon as any of them is: a browser takes a new
    worker, and with it a whole new copy, wherever the text of this one has changed.
    """
    files = {place.as_posix(): _checksum(contents) for place, contents in sorted(made.items())}
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    kept = json.dumps({"version": version, "files": files}, ensure_ascii=True, separators=(",", ":"))
    return f"const KEPT = {kept};\n{WORKER.read_text(encoding='utf-8')}"


def _checksum(contents: str | bytes) -> str:
    data = contents.encode("utf-8") if isinstance(contents, str) else contents
    return "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode()
