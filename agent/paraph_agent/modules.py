"""Drivers for cards: PKCS#11 modules, where their makers put them, or where `PARAPH_AGENT_MODULES` says."""

import os
import sys
from pathlib import Path

_LINUX = (
    "/usr/lib/x86_64-linux-gnu/pkcs11/opensc-pkcs11.so",
    "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so",
    "/usr/lib64/opensc-pkcs11.so",
    "/usr/lib64/pkcs11/opensc-pkcs11.so",
    "/usr/lib/pkcs11/opensc-pkcs11.so",
    "/usr/lib/libeTPkcs11.so",
    "/usr/lib64/libeTPkcs11.so",
    "/usr/lib/libIDPrimePKCS11.so",
    "/usr/lib/pkcs11/libIDPrimePKCS11.so",
    "/usr/lib/libcastle.so.1.0.0",
    "/usr/lib/x86_64-linux-gnu/libbeidpkcs11.so.0",
    "/usr/lib/libykcs11.so",
    "/usr/lib/x86_64-linux-gnu/libykcs11.so",
    "/usr/local/lib/libcps3_pkcs11_lux.so",
)
_MACOS = (
    "/Library/OpenSC/lib/opensc-pkcs11.so",
    "/usr/local/lib/opensc-pkcs11.so",
    "/opt/homebrew/lib/opensc-pkcs11.so",
    "/usr/local/lib/libeTPkcs11.dylib",
    "/usr/local/lib/libIDPrimePKCS11.dylib",
    "/usr/local/lib/libykcs11.dylib",
    "/opt/homebrew/lib/libykcs11.dylib",
    "/usr/local/lib/libbeidpkcs11.dylib",
    "/usr/local/lib/libcps3_pkcs11_osx.dylib",
)
_WINDOWS = (
    r"OpenSC Project\OpenSC\pkcs11\opensc-pkcs11.dll",
    r"SafeNet\Authentication\SAC\x64\IDPrimePKCS1164.dll",
    r"Yubico\Yubico PIV Tool\bin\libykcs11.dll",
)
_WINDOWS_SYSTEM = ("opensc-pkcs11.dll", "eTPKCS11.dll", "cps3_pkcs11_w64.dll", "beidpkcs11.dll", "bit4xpki.dll")


def installed() -> list[str]:
    """The modules that are there, each once, whatever the names under which it is known."""
    if named := os.environ.get("PARAPH_AGENT_MODULES"):
        return [each for each in named.split(os.pathsep) if each]
    found: dict[Path, str] = {}
    for each in _usual():
        if each.is_file():
            found.setdefault(each.resolve(), str(each))
    return list(found.values())


def _usual() -> list[Path]:
    if sys.platform == "win32":
        programs = Path(os.environ.get("PROGRAMFILES", r"C:\Program Files"))
        system = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32"
        return [*(programs / each for each in _WINDOWS), *(system / each for each in _WINDOWS_SYSTEM)]
    return [Path(each) for each in (_MACOS if sys.platform == "darwin" else _LINUX)]
