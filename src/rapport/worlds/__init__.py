"""Companies that do not exist, made so that one knows what an audit should find in them."""

from __future__ import annotations

from rapport.worlds.blocks import BLOCK, in_blocks, write_in_blocks
from rapport.worlds.building import SCHEMA, WORLDS, build
from rapport.worlds.company import Company, World
from rapport.worlds.files import TRUTH, clear, write
from rapport.worlds.plants import PLANTS
from rapport.worlds.twins import TWINS, Twin

__all__ = [
    "BLOCK",
    "PLANTS",
    "SCHEMA",
    "TRUTH",
    "TWINS",
    "WORLDS",
    "Company",
    "Twin",
    "World",
    "build",
    "clear",
    "in_blocks",
    "write",
    "write_in_blocks",
]
