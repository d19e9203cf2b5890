"""Who is at the keyboard: a personal secret, or the login that the operating system vouches for."""

from __future__ import annotations

import os
import secrets
import sys

from screening.errors import RegistryError

SHORTEST = 8
#: argon2id as RFC 9106 recommends where memory is scarce: 64 MiB, three passes, four lanes
_MEMORY_KIB, _PASSES, _LANES, _LENGTH = 65536, 3, 4, 32


def hash_secret(secret: str, person: str) -> str:
    """Return the argon2id hash of a personal secret, in PHC form.

    Raises:
        RegistryError: R005, the secret is too short, or is the person's own id.
    """
    if len(secret) < SHORTEST or secret == person:
        raise RegistryError("R005", person=person, shortest=SHORTEST)
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - slow to load

    kdf = Argon2id(
        salt=secrets.token_bytes(16),
        length=_LENGTH,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(secret.encode())


def matches(secret: str, hashed: str) -> bool:
    """Tell whether ``hashed`` was made from ``secret``; a hash that makes no sense matches none."""
    from cryptography.exceptions import InvalidKey  # noqa: PLC0415 - slow to load
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415

    try:
        Argon2id.verify_phc_encoded(secret.encode("utf-8", "surrogatepass"), hashed)
    except (InvalidKey, ValueError):
        return False
    return True


def login() -> str:
    """Return the login that the operating system knows this process by, "" where it knows none.

    Not ``getpass.getuser``: that believes environment variables, which anybody can set.
    """
    if sys.platform == "win32":
        try:
            return os.getlogin()
        except OSError:
            return ""
    import pwd  # noqa: PLC0415 - there is none on Windows

    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return ""
