"""The agent thinks that its user has a GUI; what it says about one becomes an action."""

from __future__ import annotations

from reelframe.client.events import Action

__all__ = ["Phrasing"]


class Phrasing:
    """Passes text on in whole sentences, without those that tell to use a GUI."""

    def push(self, text: str) -> tuple[str, tuple[Action, ...]]:
        """What may be shown now, and the actions found."""
        return text, ()

    def flush(self) -> tuple[str, tuple[Action, ...]]:
        """The rest."""
        return "", ()
