"""What a worker that may be killed at any moment says."""

from __future__ import annotations

import os


def say(text: str) -> None:
    """A line in one write to the pipe: either all of it arrives or nothing, so that the next worker's words never stand on half a line.

    ``print`` writes the text and the end of its line apart when Python runs unbuffered.
    """
    os.write(1, f"{text}\n".encode())
