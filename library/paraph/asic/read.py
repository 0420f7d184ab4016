"""What the signatures in a container say of themselves."""

from collections.abc import Iterator
from dataclasses import replace

from paraph import cades, xades
from paraph.asic.archive import covering
from paraph.asic.container import META, Container, Kind
from paraph.asic.form import Form
from paraph.asic.manifest import manifests
from paraph.signatures import Level, Signature


def read(signed: bytes) -> list[Signature]:
    """The signatures, named by their files: facts as they are claimed, nothing is judged.

    Raises:
        BrokenDocument: this is no container, or a part of a signature cannot be read.
    """
    container = Container.from_bytes(signed)
    form = Form.of(container)
    if form is None:
        return []
    return [each for name in form.files(container) for each in _facts(container, form, name)]


def _facts(container: Container, form: Form, name: str) -> Iterator[Signature]:
    found = xades.read(container.meta[name]) if form is Form.XADES else cades.read(container.meta[name])
    archived = covering(container).get(name, ())
    for each in found:
        stated = replace(
            each,
            field=f"{name.removeprefix(META)} {each.field}",
            covers_whole_document=set(container.files) <= _signed(container, form, name),
        )
        if archived and each.level is Level.LT:
            stated = replace(stated, level=Level.LTA, tokens=(*each.tokens, *archived))
        yield stated


def _signed(container: Container, form: Form, name: str) -> set[str]:
    """The files that a signature is over, as it says."""
    if form is Form.XADES:
        return xades.signed_files(container.meta[name])
    if container.kind is Kind.S:
        return set(container.files)
    lists = manifests(container).values()
    return {reference.name for each in lists if each.signature == name for reference in each.references}
