"""Programs that open strangers' files: without network, without our files, within limits, and gone afterwards.

`run` starts one in a folder of its own. Between fork and exec it goes through this module as a program
(`python -m paraph_server.documents.confinement folder command …`), which gives up what the command must not have:
Linux' seccomp leaves it no socket but those within the machine, Landlock (from kernel 5.13) no files but programs,
fonts and its folder.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

PATIENCE = 60.0
"""Seconds for one document."""
MEMORY = 3 * 2**30
"""Bytes of address space for each process."""
LARGEST_FILE = 512 * 2**20
"""Bytes that it may write into one file."""
READABLE = (
    *("/usr", "/lib", "/lib64", "/bin", "/opt", sys.prefix, sys.base_prefix, str(Path(__file__).parents[2])),
    *("/etc/fonts", "/etc/libreoffice", "/etc/ld.so.cache", "/etc/passwd", "/etc/nsswitch.conf", "/etc/localtime"),
    *("/dev/null", "/dev/urandom", "/var/cache/fontconfig", "/var/lib/libreoffice", "/var/spool/libreoffice"),
)


class Overrun(Exception):
    """It took too long and was killed."""


def run(command: Sequence[str], folder: Path, *, patience: float = PATIENCE) -> int:
    """Run a command that sees its folder and little else; its exit code.

    Raises:
        Overrun: it did not end in time. Nothing of it is left running.
    """
    with subprocess.Popen(  # noqa: S603  the command is ours
        [sys.executable, "-m", __name__, str(folder), *command],
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as child:
        try:
            return child.wait(patience)
        except subprocess.TimeoutExpired:
            raise Overrun from None
        finally:
            _end(child.pid)


def _end(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


# ---------------------------------------------------------------- in the child


def confine(*, memory: int = MEMORY, seconds: float = PATIENCE, writable: Iterable[Path] = ()) -> None:
    """Give up, for this process and its children, whatever opening a file does not need."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        _must(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _without_network(libc)
        _without_files(libc, writable)


_NO_NEW_PRIVILEGES, _PARENT_DIES, _SECCOMP, _FILTER = 38, 1, 22, 2
"""prctl(2)."""
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""What the kernel calls the machine, and its number for socket(2)."""
_IO_URING, _OTHER_NUMBERS = 425, 0x40000000
"""io_uring_setup(2), which opens sockets too; system calls in another numbering (x32) start there."""
_LOAD, _EQUAL, _LESS, _RETURN = 0x20, 0x15, 0x35, 0x06
"""Of the classic BPF: load a word, jump if equal, jump if at least, return."""
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13
"""Go on; EACCES."""
_LOCAL = 1
"""AF_UNIX."""


def _without_network(libc: ctypes.CDLL) -> None:
    """No socket leads out of the machine any more (seccomp(2)); where the machine is another, none is refused."""
    if platform.machine() not in _MACHINES:
        return
    machine, socket = _MACHINES[platform.machine()]
    steps = [
        (_LOAD, 0, 0, 4),  # the machine
        (_EQUAL, 0, 6, machine),
        (_LOAD, 0, 0, 0),  # the system call
        (_LESS, 4, 0, _OTHER_NUMBERS),
        (_EQUAL, 3, 0, _IO_URING),
        (_EQUAL, 0, 3, socket),
        (_LOAD, 0, 0, 16),  # its first argument
        (_EQUAL, 1, 0, _LOCAL),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HxxxxxxP", len(steps), ctypes.addressof(code))
    _must(libc.prctl(_SECCOMP, _FILTER, ctypes.create_string_buffer(program), 0, 0))


_CREATE, _ADD, _RESTRICT = 444, 445, 446
"""landlock_create_ruleset(2) and its like."""
_EVERYTHING = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1}
"""What can be done with files, by version."""
_READ, _OF_FILES, _SOCKETS = 0b1101, 1 << 14 | 0b111, 1 << 9 | 1 << 5
"""Execute, read, list; what can be done with a file that is no folder; make and remove the socket in /tmp by which
LibreOffice knows itself."""


def _without_files(libc: ctypes.CDLL, writable: Iterable[Path]) -> None:
    """Only programs and fonts can be read, and nothing written elsewhere (landlock(7)), where the kernel knows how."""
    version = libc.syscall(_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return
    handled = _EVERYTHING[min(version, max(_EVERYTHING))]
    rules = libc.syscall(_CREATE, ctypes.create_string_buffer(struct.pack("Q", handled)), ctypes.c_size_t(8), 0)
    _must(rules)
    readable = [(Path(each), _READ) for each in READABLE]
    for path, allowed in [*readable, *((each, handled) for each in writable), (Path("/tmp"), _SOCKETS)]:  # noqa: S108
        if path.exists():
            _allow(libc, rules, path, (allowed if path.is_dir() else allowed & _OF_FILES) & handled)
    _must(libc.syscall(_RESTRICT, rules, 0))
    os.close(rules)


def _allow(libc: ctypes.CDLL, rules: int, path: Path, what: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = ctypes.create_string_buffer(struct.pack("=Qi", what, place))
        _must(libc.syscall(_ADD, rules, 1, rule, 0))
    finally:
        os.close(place)


def _must(answer: int) -> None:
    if answer < 0:
        raise OSError(ctypes.get_errno(), "This process cannot be confined.")


def _main(folder: str, *command: str) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DIES, signal.SIGKILL)
    os.chdir(folder)
    confine(writable=[Path(folder)])
    os.execvp(command[0], command)  # noqa: S606  no shell is wanted


if __name__ == "__main__":
    _main(*sys.argv[1:])
