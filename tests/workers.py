"""What test workers do with a post: screen it in no time, die of it, or hang."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path


def make(job):
    """Note every post in the file ``job`` names; its text says what happens to the worker."""

    def screen(post):
        with Path(job).open("a", encoding="utf-8") as log:
            log.write(f"{post.number}\n")
        if "杀死" in post.text:
            os.kill(os.getpid(), signal.SIGTERM)
        if "卡住" in post.text:
            time.sleep(600)
        return json.dumps({"number": post.number}).encode()

    return screen


def never(job):
    """Fail while loading."""
    raise RuntimeError(job)
