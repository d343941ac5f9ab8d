"""Files to upload, made on the spot: good ones that must come through byte for byte, and bad ones with the code that
refuses them."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import openpyxl
import pikepdf
from PIL import Image

CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
EXE = b"MZ\x90\x00\x03" + bytes(200)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ENTITY = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
MEGABYTE = 1 << 20


def archive(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return out.getvalue()


def docx(**more: bytes) -> bytes:
    return archive({"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"<w:document/>", **more})


def pptx() -> bytes:
    return archive({"[Content_Types].xml": CONTENT_TYPES, "ppt/presentation.xml": b"<p:presentation/>"})


def ofd() -> bytes:
    return archive({"OFD.xml": b'<?xml version="1.0"?><ofd:OFD/>', "Doc_0/Document.xml": b"<ofd:Document/>"})


def xlsx() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "堃"
    book.save(out)
    return out.getvalue()


def image(kind: str, size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A small file that would be unpacked to width × height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = zlib.compress(bytes(width + 1) * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pdf(password: str = "") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(out, encryption=pikepdf.Encryption(owner="o", user=password) if password else None)
    return out.getvalue()


def compound(*streams: str) -> bytes:
    """An OLE2 file whose directory has these streams: what doc, xls and ppt are."""
    size = 512
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += (
        struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", free) * 108
    )
    table = struct.pack("<II", fat, end) + struct.pack("<I", free) * 126
    entries = b""
    for number, name in enumerate(("Root Entry", *streams)):
        text = (name + "\0").encode("utf-16-le")
        entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), 2 if number else 5, 1)
        entries += entry.ljust(128, b"\0")
    assert len(head) == size
    return head + table + entries.ljust(size, b"\0")


def lying_zip() -> bytes:
    """Says in its directory that a large entry is small."""
    data = archive({"a.txt": bytes(3 * MEGABYTE)})
    return data.replace(struct.pack("<I", 3 * MEGABYTE), struct.pack("<I", 1000))


def noise(size: int) -> bytes:
    return random.Random(1).randbytes(size)


Data = bytes | Callable[[], bytes]


def made(data: Data) -> bytes:
    """The heavy ones are made when they are wanted."""
    return data() if callable(data) else data


def good() -> list[tuple[str, Data]]:
    embedded = docx(**{"word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx()})
    return [
        ("说明.pdf", pdf()),
        ("现场.png", image("PNG")),
        ("现场.jpg", image("JPEG")),
        ("现场.JPEG", image("JPEG")),
        ("动图.gif", image("GIF")),
        ("照片.webp", image("WEBP")),
        ("旧报告.doc", compound("WordDocument", "1Table")),
        ("旧表.xls", compound("Workbook")),
        ("旧片.ppt", compound("PowerPoint Document", "Current User")),
        ("报告.docx", docx()),
        ("附图表.docx", embedded),
        ("表.xlsx", xlsx()),
        ("片.pptx", pptx()),
        ("公文.ofd", ofd()),
        ("材料.zip", archive({"一/说明.txt": "中文".encode(), "照片.png": image("PNG"), "表.xlsx": xlsx()})),
        ("说明.txt", "堃 䶮 𠮷\r\n第二行\t尾".encode()),
        ("国标.txt", "营商环境".encode("gb18030")),
        ("表.csv", "\ufeff单位,数\r\n甲,1\r\n".encode()),
        ("BM开头.txt", b"BMW is no bitmap"),
        ("满.txt", lambda: b"x" * (20 * MEGABYTE)),
    ]


def bad() -> list[tuple[str, Data, str]]:
    png, paper = image("PNG"), pdf()
    return [
        ("空.pdf", b"", "empty"),
        ("空.txt", b"", "empty"),
        ("大.txt", lambda: b"x" * (20 * MEGABYTE + 1), "too_large"),
        ("程序.exe", EXE, "type"),
        ("无后缀", png, "type"),
        (".pdf", paper, "type"),
        ("图.svg", SVG, "type"),
        ("页.html", HTML, "type"),
        ("脚本.js", b"alert(1)", "type"),
        ("宏.docm", docx(), "type"),
        ("宏.xlsm", xlsx(), "type"),
        ("图\u202egnp.exe", EXE, "type"),
        ("程序.pdf", EXE, "mismatch"),
        ("程序.png", EXE, "mismatch"),
        ("程序.docx", EXE, "broken"),
        ("程序.txt", EXE, "encoding"),
        ("程序.zip", EXE, "broken"),
        ("图.png", SVG, "mismatch"),
        ("图.txt", SVG, "mismatch"),
        ("页.csv", HTML, "mismatch"),
        ("页.pdf", HTML, "mismatch"),
        ("纸.txt", b"%PDF-1.7 and more", "mismatch"),
        ("脚本.txt", b"#!/bin/sh\nrm -rf /", "mismatch"),
        ("图.jpg", png, "mismatch"),
        ("图.pdf", png, "mismatch"),
        ("纸.png", paper, "mismatch"),
        ("表.docx", xlsx(), "mismatch"),
        ("报告.zip", docx(), "mismatch"),
        ("包.docx", archive({"a.txt": b"a"}), "mismatch"),
        ("旧表.doc", compound("Workbook"), "mismatch"),
        ("什么.doc", compound("Contents"), "mismatch"),
        ("旧.docx", compound("WordDocument"), "broken"),
        # one file, two kinds
        ("双.png", png + archive({"a.txt": b"a"}), "mismatch"),
        ("双.pdf", paper + archive({"a.txt": b"a"}), "mismatch"),
        ("双.zip", b"%PDF-1.4\n" + archive({"a.txt": b"a"}), "mismatch"),
        ("双.gif", b"GIF89a/*" + HTML + b"*/", "broken"),
        # damaged
        ("断.png", png[:40], "broken"),
        ("断.jpg", image("JPEG", (400, 400))[:300], "broken"),
        ("断.pdf", b"%PDF-1.7\n%%EOF\n", "broken"),
        ("断.xlsx", xlsx()[:-30], "broken"),
        ("断.doc", compound("WordDocument")[:600], "broken"),
        ("谎.zip", lying_zip, "broken"),
        # pictures too big to open
        ("大.png", lambda: png_that_claims(30_000, 30_000), "pixels"),
        # archives that burst
        ("炸.zip", lambda: archive({"a.txt": bytes(60 * MEGABYTE)}), "bomb"),
        ("炸.xlsx", lambda: archive({"[Content_Types].xml": b"", "xl/workbook.xml": bytes(60 * MEGABYTE)}), "bomb"),
        ("多.zip", lambda: archive({f"{n}.txt": b"" for n in range(2001)}), "bomb"),
        ("重.zip", lambda: archive({f"{n}.txt": noise(1000) + bytes(11 * MEGABYTE) for n in range(10)}), "bomb"),
        ("套.zip", archive({"里.zip": archive({"a.txt": b"a"})}), "nested"),
        ("套二.zip", archive({"里.dat": archive({"a.txt": b"a"})}), "nested"),
        ("套三.docx", docx(**{"word/embeddings/a.bin": archive({"a.txt": b"a"})}), "nested"),
        ("套四.zip", archive({"里.docx": docx(**{"word/a.docx": docx(**{"b.docx": docx()})})}), "nested"),
        # what they carry
        ("宏.docx", docx(**{"word/vbaProject.bin": b"macro"}), "unsafe"),
        ("宏二.docx", docx(**{"[Content_Types].xml": CONTENT_TYPES + b"macroEnabled"}), "unsafe"),
        ("宏.doc", compound("WordDocument", "Macros", "_VBA_PROJECT"), "unsafe"),
        ("宏.xls", compound("Workbook", "_VBA_PROJECT_CUR"), "unsafe"),
        ("程序包.zip", archive({"a.exe": EXE}), "unsafe"),
        ("程序包二.zip", archive({"a.txt": EXE}), "unsafe"),
        ("宏包.zip", archive({"a.docm": docx()}), "unsafe"),
        ("页包.zip", archive({"a.html": HTML}), "unsafe"),
        ("爬.zip", archive({"../../etc/passwd": b"x"}), "unsafe"),
        ("根.zip", archive({"/etc/passwd": b"x"}), "unsafe"),
        ("倒.zip", archive({"a\u202etxt.gpj": b"x"}), "unsafe"),
        ("实体.docx", docx(**{"word/x.xml": ENTITY}), "unsafe"),
        ("笑.xlsx", archive({"[Content_Types].xml": CONTENT_TYPES, "xl/workbook.xml": LAUGHS}), "unsafe"),
        ("密.pdf", pdf("secret"), "encrypted"),
        # words that are none
        ("零.txt", b"a\0b", "encoding"),
        ("乱.txt", b"\xff\xfe\xff\xff", "encoding"),
        ("宽.csv", "单位".encode("utf-16"), "encoding"),
    ]  # fmt: skip
