"""``python -m reelframe`` is the ``reelframe`` command."""

from __future__ import annotations

from reelframe.cli import main

if __name__ == "__main__":
    main()
