"""What glibc's allocator does with memory, by its `mallopt`; with other C libraries nothing is changed."""

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_PERTURB, _M_ARENA_MAX = -1, -3, -6, -8  # of malloc.h


def fill_new_memory() -> None:
    """Have new memory filled: Chroma writes what it gets, with what others left there, into its files."""
    _set_option(_M_PERTURB, 1)


def give_back_memory() -> None:
    """Have a process that runs for long give back what it uses no more.

    Measured on the page's server: 570 MB after 100 questions, 1,076 MB without, in the same time.
    """
    _set_option(_M_ARENA_MAX, 2)  # by default eight for each core, each of which keeps the most it ever had
    _set_option(_M_MMAP_THRESHOLD, 1_000_000)  # bytes; what is larger goes back at once
    _set_option(_M_TRIM_THRESHOLD, 4_000_000)


def _set_option(option: int, value: int) -> None:
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)):
        mallopt(option, value)
