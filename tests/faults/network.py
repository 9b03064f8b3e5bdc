"""Cuts processes off the network: whatever they send or are sent is dropped, on old connections and on new.

The kernel asks a program of two instructions about every packet of a control group, and it says no. A socket
belongs to the group in which its process was when it made it. Needs Linux, cgroup v2 and the rights of root.
"""

import ctypes
import os
import platform
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BPF_CALL: Final = {"x86_64": 321, "aarch64": 280}
_PROG_LOAD, _PROG_ATTACH, _PROG_DETACH = 5, 8, 9
_CGROUP_SKB: Final = 8
_WAYS: Final = (0, 1)
"""In and out."""
_DROP: Final = struct.pack("<BBhi", 0xB7, 0, 0, 0) + struct.pack("<BBhi", 0x95, 0, 0, 0)
"""r0 = 0; exit."""


class NotPermittedError(Exception):
    """Here nobody can be cut off."""


@dataclass(frozen=True)
class Island:
    """A group of processes that can be cut off."""

    folder: Path

    def take(self, pid: int) -> None:
        """Take a process in; the sockets that it has already stay outside."""
        (self.folder / "cgroup.procs").write_text(str(pid), encoding="ascii")

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Let nothing through for as long as the block lasts."""
        group, program = os.open(self.folder, os.O_RDONLY), _load()
        try:
            for way in _WAYS:
                _bpf(_PROG_ATTACH, struct.pack("<IIII", group, program, way, 0))
            yield
        finally:
            for way in _WAYS:
                _bpf(_PROG_DETACH, struct.pack("<IIII", group, 0, way, 0))
            os.close(program)
            os.close(group)


@contextmanager
def island() -> Iterator[Island]:
    """Make a group, and dissolve it in the end; its processes go on outside.

    Raises:
        NotPermittedError: no Linux, no such groups, or no right.
    """
    mount = _mount()
    folder = mount / f"exchange-test-{os.getpid()}"
    try:
        os.close(_load())
        folder.mkdir()
    except OSError as problem:
        raise NotPermittedError(problem.strerror) from None
    try:
        yield Island(folder)
    finally:
        for pid in (folder / "cgroup.procs").read_text(encoding="ascii").split():
            (mount / "cgroup.procs").write_text(pid, encoding="ascii")
        folder.rmdir()


def _mount() -> Path:
    mounts = Path("/proc/mounts")
    lines = mounts.read_text(encoding="utf-8").splitlines() if mounts.exists() else []
    found = [Path(line.split()[1]) for line in lines if line.split()[2] == "cgroup2"]
    if not found or platform.machine() not in _BPF_CALL:
        raise NotPermittedError("no cgroup v2")
    return found[0]


def _load() -> int:
    instructions, licence = ctypes.create_string_buffer(_DROP), ctypes.create_string_buffer(b"GPL")
    count = len(_DROP) // 8
    places = ctypes.addressof(instructions), ctypes.addressof(licence)
    return _bpf(_PROG_LOAD, struct.pack("<IIQQIIQII", _CGROUP_SKB, count, *places, 0, 0, 0, 0, 0))


def _bpf(command: int, attributes: bytes) -> int:
    """Ask the kernel, and return the descriptor that it gives."""
    size = 128
    given = ctypes.create_string_buffer(attributes, size)
    answer = int(
        ctypes.CDLL(None, use_errno=True).syscall(_BPF_CALL[platform.machine()], command, given, size)
    )
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer
