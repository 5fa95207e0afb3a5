"""What holds for all tests: the same examples every time, and no test that depends on how busy the machine is."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
