"""Files that a page hands over to be kept, not shown."""

from django.http import HttpResponse


def attachment(content: bytes, media: str, name: str, **headers: str) -> HttpResponse:
    """Return the answer with which a browser saves the content under the name. headers: more of them, with _ for -."""
    more = {key.replace("_", "-"): value for key, value in headers.items()}
    return HttpResponse(content, content_type=media, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff", **more,
    })
