"""What a submission may not ask the kernel for: a filter of system calls, in the kernel's own form (seccomp).

Namespaces and mounts would give it memory without a limit, as would segments that belong to no process; keys outlive
the sandbox; and calls that look into other processes or load programs into the kernel are where kernels break.
"""

import platform
import struct

# Machine -> (its mark in the kernel, number of `clone`, numbers of what is refused).
_NEW = (425, 428, 429, 430, 431, 432, 442, 447)  # io_uring, mounts of the new kind, memfd_secret: the same everywhere
MACHINES = {
    "x86_64": (0xC000003E, 56, (
        101, 310, 311,  # ptrace, process_vm_readv, process_vm_writev
        319, 29, 68, 64,  # memfd_create, shmget, msgget, semget
        248, 249, 250,  # add_key, request_key, keyctl
        272, 308, 165, 166, 155,  # unshare, setns, mount, umount2, pivot_root
        321, 298, 323,  # bpf, perf_event_open, userfaultfd
        *_NEW,
    )),
    "aarch64": (0xC00000B7, 220, (
        117, 270, 271, 279, 194, 186, 190, 217, 218, 219, 97, 268, 40, 39, 41, 280, 241, 282, *_NEW,
    )),
}  # fmt: skip
CLONE3 = 435
NAMESPACES = 0x7E020000  # the flags of `clone` that ask for a new namespace

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _NOT_ALLOWED, _UNKNOWN, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000


def closed(machine=None):
    """Return the filter for a machine (this one if left out); empty if there is none for it."""
    machine = machine or platform.machine()
    if platform.system() != "Linux" or machine not in MACHINES:
        return b""
    mark, clone, refused = MACHINES[machine]
    count = len(refused)
    lines = [
        (_LOAD, 0, 0, 4), (_EQUAL, 1, 0, mark), (_RETURN, 0, 0, _KILL),  # another machine's calls have other numbers
        (_LOAD, 0, 0, 0), (_AT_LEAST, count + 6, 0, 0x40000000),
        *[(_EQUAL, count + 5 - i, 0, number) for i, number in enumerate(refused)],
        (_EQUAL, 4, 0, CLONE3),  # its flags cannot be looked at; without it the C library uses `clone`
        (_EQUAL, 0, 2, clone), (_LOAD, 0, 0, 16), (_ANY_BIT, 2, 0, NAMESPACES),
        (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _UNKNOWN), (_RETURN, 0, 0, _NOT_ALLOWED),
    ]  # fmt: skip
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
