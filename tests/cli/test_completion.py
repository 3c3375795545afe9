"""The Tab key: what the shell's own completion is given, in a real bash and by the words that zsh and fish send."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REELFRAME = Path(sys.executable).with_name("reelframe")
ASKED = [
    (("cr",), {"create", "credits"}),
    (("batch", "--pro"), {"--prompt"}),
    (("batch", "--preset", "sq"), {"square"}),
    (("create", "--backend", "ne"), {"nemo"}),
]


def said(shell, words):
    line = " ".join(("reelframe", *words))
    how = {
        "_REELFRAME_COMPLETE": f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    done = subprocess.run(
        [REELFRAME], env={**os.environ, **how}, capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_zsh_and_fish_are_told(shell):
    for words, wanted in ASKED[:2]:
        told = said(shell, words)
        assert all(word in told for word in wanted), told


def test_tab_in_bash(tmp_path):
    # Not --show-completion, which asks the processes above for the shell: under make there may be none that it knows.
    source = {**os.environ, "_REELFRAME_COMPLETE": "source_bash"}
    script = subprocess.run([REELFRAME], env=source, capture_output=True, text=True, timeout=120, check=True).stdout
    lines = [script]
    for words, _ in ASKED:
        asked = " ".join(("reelframe", *words))
        lines.append(
            f'COMP_WORDS=({asked}); COMP_CWORD={len(words)}; _reelframe_completion reelframe; echo "${{COMPREPLY[*]}}"'
        )
    env = {**os.environ, "PATH": f"{REELFRAME.parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=200, check=True
    )
    assert [set(line.split()) for line in done.stdout.splitlines()] == [wanted for _, wanted in ASKED], done.stderr
