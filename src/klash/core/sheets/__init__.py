"""Tables as files: written from one description of columns, read into rows, and never run by a spreadsheet."""

from klash.core.sheets.cells import safe
from klash.core.sheets.reading import FILE_BYTES_MAX, Line, Table, read
from klash.core.sheets.writing import MEDIA, Cell, Column, answer, asked, csv_lines, csv_text, file_name, workbook, written

__all__ = [
    "Cell", "Column", "FILE_BYTES_MAX", "Line", "MEDIA", "Table", "answer", "asked", "csv_lines", "csv_text", "file_name", "read", "safe", "workbook",
    "written",
]
