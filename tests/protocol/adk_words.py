"""Words that the agent server and its tests share."""

from __future__ import annotations

# Line ends to str.splitlines, but not to the event stream; and characters of three and four bytes.
ODD = "a\u2028b\u2029c\u0085d 视频 🎬 "
