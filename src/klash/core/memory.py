"""Files of a form in memory: never on disk as they are, and never more of them than a server can hold, however much is sent."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler

FILE_BYTES_MAX, FORM_BYTES_MAX = 21 * 1024 * 1024, 64 * 1024 * 1024


class InMemory(FileUploadHandler):
    """Keep each file up to 21 MB and those of a form up to 64 MB together. What is beyond is counted and let go: `size` then tells more than can be read."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._room = FORM_BYTES_MAX

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._kept = bytearray()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        taken = raw_data[: min(self._room, FILE_BYTES_MAX - len(self._kept))]
        self._kept += taken
        self._room -= len(taken)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        return InMemoryUploadedFile(
            io.BytesIO(self._kept), self.field_name, self.file_name or "", self.content_type or "", file_size, self.charset, self.content_type_extra
        )
