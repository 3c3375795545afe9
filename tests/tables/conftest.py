from __future__ import annotations

import sys
from pathlib import Path

# The samples are a module of their own name, so that no other room's conftest can stand in for it.
sys.path.insert(0, str(Path(__file__).parent))
