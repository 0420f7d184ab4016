"""Files on their way out: one as it is, several as a ZIP."""

import io
import zipfile
from urllib.parse import quote

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from paraph_server.documents import queries as stored
from paraph_server.documents.models import Part
from paraph_server.workflows.errors import NoSuchDocument
from paraph_server.workflows.models import Workflow


def delivered(found: Workflow) -> HttpResponseBase:
    """The documents of a workflow as they stand: one as it is, several as a ZIP."""
    parts = [each.current for each in found.documents.all()]
    if not parts:
        raise NoSuchDocument(_("This workflow has no documents."))
    if len(parts) == 1:
        return file(parts[0])
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as container:
        for place, each in enumerate(parts, start=1):
            with container.open(f"{place:02} {each.filename}", "w") as entry:
                for chunk in stored.stream(each):
                    entry.write(chunk)
    archive.seek(0)
    return FileResponse(archive, as_attachment=True, filename=f"{found.pk}.zip", content_type="application/zip")


def file(found: Part, *, inline: bool = False) -> HttpResponseBase:
    """A file to download, or to show in the browser's own reader."""
    kind = "inline" if inline else "attachment"
    headers = {
        "Content-Disposition": f"{kind}; filename*=UTF-8''{quote(found.filename)}",
        "Content-Length": str(found.size),
    }
    return StreamingHttpResponse(stored.stream(found), content_type=found.content_type, headers=headers)
