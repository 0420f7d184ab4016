"""Why a template cannot be made, or used."""

from paraph_server.web.errors import BadInput, NotFound


class NoSuchTemplate(NotFound):
    code = "template-not-found"


class NoSuchTemplateDocument(NotFound):
    code = "template-document-not-found"


class BadTemplate(BadInput):
    """Its roles or its texts contradict each other."""

    code = "bad-template"


class MissingValue(BadInput):
    """A role has nobody, or a gap nothing to be filled with."""

    code = "missing-value"
