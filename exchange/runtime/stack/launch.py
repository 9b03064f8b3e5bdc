"""Becomes a part's process: dies with the supervisor, and is not root where the part refuses root.

It is run by path with the standard library alone (`python -I -S launch.py …`), which costs milliseconds and
is safe in a supervisor that has threads. Its process id stays that of the part.

    launch.py SUPERVISOR_PID DEATH_SIGNAL IDENTITY PROGRAM ARGUMENT…

IDENTITY is one of
- `same`: as we are;
- `drop:UID:GID`: as that user, keeping only the right to pass other users' folders. PostgreSQL refuses root,
  yet its home, the virtual environment or the checkout may lie below a folder that only root may enter;
- `map:UID:GID`: in a user namespace where our own user has that number. It needs none of root's rights, so it
  works in a container that maps only one user, where `drop` cannot.
"""

import ctypes
import os
import resource
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
PR_SET_SECUREBITS = 28
SECBIT_NO_SETUID_FIXUP = 4
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522
CLONE_NEWUSER = 0x10000000
# The second would do for folders; a program of mode 0700 (installed under umask 077) also needs the first.
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


def main(arguments: list[str]) -> None:
    """Take on the identity, tie our life to the supervisor's, become the program."""
    supervisor, death_signal, identity, *program = arguments
    kind, *numbers = identity.split(":")
    if kind == "drop":
        _drop_root(*map(int, numbers))
    elif kind == "map":
        _map_user(*map(int, numbers))
    _die_with(int(supervisor), int(death_signal))
    _open_many_files()
    os.execvpe(program[0], program, os.environ)  # noqa: S606 - no shell is wanted here


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def _die_with(supervisor: int, death_signal: int) -> None:
    """Ask the kernel for a signal when our parent dies; only after changing user, which would clear it."""
    if not sys.platform.startswith("linux"):
        return
    _call("prctl", PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if supervisor and os.getppid() != supervisor:
        sys.exit("the supervisor died before this part began")


def _drop_root(uid: int, gid: int) -> None:
    """Become that user and keep, even through the exec, the right to pass and read others' folders.

    With the set-uid fix-up off, the change of user takes no rights away, and access(2), by which PostgreSQL
    looks for its own programs, counts them. With it on, access(2) judges by the user alone and finds nothing.
    """
    rights = [number for number in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH) if _permitted() >> number & 1]
    _call("prctl", PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)
    mask = sum(1 << number for number in rights)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0))
    for number in rights:
        _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0)


def _permitted() -> int:
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)()
    _call("capget", header, data)
    return data[1]


def _map_user(uid: int, gid: int) -> None:
    """Enter a user namespace in which our own user and group go by those numbers."""
    outside_uid, outside_gid = os.geteuid(), os.getegid()
    _call("unshare", CLONE_NEWUSER)
    process = Path("/proc/self")
    (process / "setgroups").write_text("deny", encoding="ascii")
    (process / "uid_map").write_text(f"{uid} {outside_uid} 1", encoding="ascii")
    (process / "gid_map").write_text(f"{gid} {outside_gid} 1", encoding="ascii")


def _open_many_files() -> None:
    """Allow as many open files as we may have: Kafka keeps about three for each of some 900 partitions."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
