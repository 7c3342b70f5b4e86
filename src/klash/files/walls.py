"""Walls that a process puts around itself before it opens what a stranger sent. Imports nothing of Django."""

import ctypes
import os
import resource
import sys

MEMORY_BYTES = 1_000_000_000
CPU_SECONDS = 25
_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
_NO_NEW_PRIVILEGES = 38
_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same on every architecture
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}  # how many kinds of access each version of Landlock knows; 16 from the fifth
_NETWORK_SINCE, _NETWORK_RIGHTS = 4, 0b11


def limit() -> None:
    """Limit memory, time and open files; forbid files to be written, core dumps and, to anyone but root, further processes."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES), (resource.RLIMIT_CPU, CPU_SECONDS), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64), (resource.RLIMIT_NPROC, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))


def close() -> list[str]:
    """Shut off the network and all files as far as the system can; return which of "network" and "files" are shut off.

    Call it when everything is imported: nothing can be opened after it.
    """
    if sys.platform != "linux":
        return []
    system = ctypes.CDLL(None, use_errno=True)
    without_network = system.unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC) == 0
    version = system.syscall(_CREATE_RULESET, None, 0, 1)
    without_files = version >= 1 and _without_files(system, version)
    return ["files"] * without_files + ["network"] * without_network


def _without_files(system: ctypes.CDLL, version: int) -> bool:
    """Forbid every kind of access to files that Landlock knows, by a set of rules that allows none."""
    rights = (1 << _FILE_RIGHTS.get(version, 16)) - 1
    rules = (ctypes.c_uint64 * 2)(rights, _NETWORK_RIGHTS)
    size = 16 if version >= _NETWORK_SINCE else 8
    handle = system.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0)
    if handle < 0 or system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    try:
        return bool(system.syscall(_RESTRICT_SELF, handle, 0) == 0)
    finally:
        os.close(handle)
