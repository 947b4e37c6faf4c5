"""Exit statuses of the command."""

from __future__ import annotations

EXACT = 0
#: The outputs of a network change by more than rounding explains: its group was not derived rightly.
CHANGED = 1
UNUSABLE = 2
BOUNDED = 3
OUT_OF_TIME = 4
#: What a shell reports for a program that was interrupted from the keyboard.
INTERRUPTED = 130
