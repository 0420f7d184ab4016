"""OpenSSL as the judge of signatures and time-stamps."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from paraph_testing.pki import Pki

Judge = Callable[..., str]


@pytest.fixture
def judge(tmp_path: Path, openssl: Callable[..., Any], pem: Callable[..., Path]) -> Judge:
    """What OpenSSL says of a message at the hierarchy's time; `-cades` has it check the signing certificate, too."""

    def verdict(signed: bytes, pki: Pki, content: bytes | None = None) -> str:
        (tmp_path / "signed").write_bytes(signed)
        root, at = pem("root.pem", pki.root.certificate), ("-attime", int(pki.at.timestamp()) + 60)
        beside = ()
        if content is not None:
            (tmp_path / "content").write_bytes(content)
            beside = ("-content", tmp_path / "content")
        given = ("-binary", "-inform", "DER", "-in", tmp_path / "signed", *beside, "-out", tmp_path / "out")
        judged = openssl("cms", "-verify", "-cades", *given, "-CAfile", root, *at, "-purpose", "any")
        if judged.returncode:
            return str(judged.stderr)
        for signer in cms.ContentInfo.load(signed)["content"]["signer_infos"]:
            for attribute in signer["unsigned_attrs"] or ():
                if attribute["type"].native == "signature_time_stamp_token":
                    (tmp_path / "token").write_bytes(attribute["values"][0].dump())
                    (tmp_path / "value").write_bytes(signer["signature"].native)
                    asked = ("-data", tmp_path / "value", "-token_in", "-in", tmp_path / "token", "-CAfile", root, *at)
                    judged = openssl("ts", "-verify", *asked)
                    if judged.returncode:
                        return str(judged.stderr)
        return "good"

    return verdict
