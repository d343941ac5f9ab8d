"""What may be attached (API.md, attachments). Pure data."""

from __future__ import annotations

from typing import Final

MOST_BYTES: Final = 20 * 1024 * 1024
MOST_UNPACKED: Final = 100 * 1024 * 1024
MOST_ENTRIES: Final = 2000
MOST_RATIO: Final = 100
MOST_PIXELS: Final = 40_000_000
MOST_NAME: Final = 255

# Extension → type. The first of an extension's names is the one that its content proves.
TYPES: Final[dict[str, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "ofd": "application/ofd",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
IMAGES: Final = {"png": "PNG", "jpg": "JPEG", "jpeg": "JPEG", "gif": "GIF", "webp": "WEBP"}
OLE: Final = frozenset({"doc", "xls", "ppt"})
ZIPPED: Final = frozenset({"docx", "xlsx", "pptx", "ofd", "zip"})
OFFICE: Final = frozenset({"docx", "xlsx", "pptx", "ofd"})
TEXTS: Final = frozenset({"txt", "csv"})

ACCEPT: Final = ",".join(f".{extension}" for extension in TYPES)

# What a zip may not carry: programs, scripts, pages, macro documents, archives in archives.
# fmt: off
PROGRAMS: Final = frozenset({
    "exe", "dll", "scr", "com", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "lnk",
    "msi", "msp", "cpl", "pif", "reg", "jar", "class", "apk", "sh", "py", "php", "jsp", "asp", "aspx",
})
PAGES: Final = frozenset({
    "html", "htm", "xhtml", "shtml", "svg", "svgz", "xml", "xsl", "mht", "mhtml", "chm",
})
MACRO_OFFICE: Final = frozenset({
    "docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm",
})
ARCHIVES: Final = frozenset({
    "zip", "rar", "7z", "gz", "tgz", "bz2", "xz", "zst", "tar", "iso", "img", "cab", "arj", "lzh",
})
# fmt: on
UNWELCOME: Final = PROGRAMS | PAGES | MACRO_OFFICE | ARCHIVES
