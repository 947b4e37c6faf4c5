"""Exit statuses of the command."""

from __future__ import annotations

EXACT = 0
UNUSABLE = 2
BOUNDED = 3
OUT_OF_TIME = 4
#: What a shell reports for a program that was interrupted from the keyboard.
INTERRUPTED = 130
