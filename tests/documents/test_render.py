"""Papers as files: layout of GB/T 9704, PDF/A, faces, the same bytes again, and nothing fetched from anywhere."""

from __future__ import annotations

import http.server
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.template import engines
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from documents import rendering, sandbox
from documents.enclosures import Json, Sheet, harmless, sums
from documents.paper import press
from documents.sandbox import RefusedError
from documents.templatetags.papers import head_size
from tests.documents import pdf, samples

AT = datetime(2026, 11, 5, 1, tzinfo=UTC)
RARE = "堃䶮𠮷喆㎡祎翀垚"
MM = 72 / 25.4


def made(
    template: str = "bulletin", context: dict[str, Any] | None = None, *, sandboxed: bool = False, **paper: Any
) -> rendering.Rendered:
    """In this process unless ``sandboxed``: a child takes a second longer."""
    context = context or getattr(samples, template)()
    with nullcontext() if sandboxed else in_process():
        return _made(template, context, paper)


@contextmanager
def in_process() -> Iterator[None]:
    with patch.object(sandbox, "run", lambda module, payload, limits: press.work(payload)):
        yield


def _made(template: str, context: dict[str, Any], paper: dict[str, Any]) -> rendering.Rendered:
    return rendering.render(
        f"assessments/papers/{template}.html",
        {**context, "paper": samples.paper(**paper)},
        at=AT,
        enclosures=[
            Sheet("清单.csv", ["单位", "数"], [["=1+1", "-3.50"], ["堃", 2]], "清单"),
            Json("口径.json", {"版本": 1}),
        ],
        qr=samples.paper()["verify_url"],
    )


@pytest.fixture(scope="module")
def bulletin() -> rendering.Rendered:
    return made()


@pytest.fixture(scope="module")
def redcard() -> rendering.Rendered:
    return made("redcard", title="红牌通知书", number="临红牌〔2026〕10号", shown_number="临红牌〔2026〕10号")


def laid_out(body: str) -> Any:
    html = f'<html lang="zh-CN"><head><title>t</title></head><body>{body}</body></html>'
    return press._lay_out(order(html, styles=rendering.STYLES), press.Packaged({}))


def order(html: str, styles: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"html": html, "styles": styles, "assets": {}, "enclosures": [], "at": AT.isoformat(), "fonts": ""}


def lines(page: Any) -> list[str]:
    """The lines of text in the type area of a page that was laid out, top to bottom."""
    found = []

    def walk(box: Any) -> None:
        if type(box).__name__ == "LineBox":
            found.append("".join(one.text for one in box.descendants() if hasattr(one, "text")))
        elif type(box).__name__ != "MarginBox":
            for child in getattr(box, "children", []):
                walk(child)

    walk(page._page_box)
    return [line for line in found if line.strip()]


# What stands on it --------------------------------------------------------------------------------------------------


def test_the_bulletin_says_what_it_was_given(bulletin):
    said = pdf.text(bulletin.pdf).replace("\n", "")
    for words in ("临江区优化营商环境工作领导小组办公室", "临通报〔2026〕3号", "关于2026年10月涉企问题办理情况的通报"):
        assert words in said
    for words in (
        "96.03",
        "区人力社保局",
        "41.67",
        "不合格",
        "近三个月应办结不足5件",
        "WT2026-000118",
        "−1.00",
        "90.00%（9÷10）",
    ):
        assert words in said
    assert "送审稿（待签发）" in said
    assert samples.SUM[:16] in said
    assert samples.paper()["verify_url"] in said
    assert bulletin.warnings == []


def test_the_red_card_says_what_it_was_given(redcard):
    said = pdf.text(redcard.pdf).replace("\n", "")
    for words in (
        "红牌通知书",
        "临红牌〔2026〕10号",
        "列第7位",
        "延误23个工作日",
        "WT2026-000112",
        "未办结",
        "（标题不公开）",
    ):
        assert words in said
    for words in (
        "如不计WT2026-000112，你单位列第",
        "共3件，其中未办结2件、逾期办结1件",
        "不予亮牌",
        "2026年11月13日前向本办报送书面检查",
        "2026年11月20日前报送整改报告",
        "2026年11月11日前",
    ):
        assert words in said


def test_no_single_case_would_change_it():
    said = pdf.text(made("redcard", samples.redcard(without_case=None)).pdf).replace("\n", "")
    assert "其中任一事项单独不计，均不改变本次亮牌" in said


def test_the_mark_goes_with_the_official_number(bulletin):
    signed = made(draft=False, official_number="临府办〔2026〕77号", shown_number="临府办〔2026〕77号")
    said = pdf.text(signed.pdf)
    assert "送审稿" not in said
    assert "临府办〔2026〕77号" in said
    pages = pdf.text(bulletin.pdf).split("\f")[: bulletin.pages]
    assert all("送审稿（待签发）" in page for page in pages)


def test_a_month_without_anything_is_still_a_paper():
    empty = {
        "groups": [{"title": "区级部门", "rows": []}],
        "scorecards": [],
        "problems": [],
        "next_steps": [],
        "good": [],
    }
    said = pdf.text(made(context=samples.bulletin(**empty, contests=None, red_cards=[])).pdf)
    assert "本月没有参加排名的单位" in said
    assert "本月没有需要通报的问题" in said


# GB/T 9704 ----------------------------------------------------------------------------------------------------------


def test_the_grid_has_22_lines_of_28_characters():
    page = laid_out("".join(f"<p>{'国' * 300}</p>" for _ in range(6))).pages[0]
    counted = Counter(map(len, lines(page)))
    assert sum(counted.values()) == 22
    assert max(counted) == 28
    assert set(counted) <= {28, 26, 300 - 26 - 9 * 28}  # full, first and last lines of a paragraph


def test_pages_are_numbered_outside_7_mm_under_the_type_area(bulletin):
    marks = [word for word in pdf.words(bulletin.pdf) if word.text == "—" and word.top > 262 * MM]
    assert len(marks) == 2 * bulletin.pages
    for page in range(1, bulletin.pages + 1):
        (first, last) = [word for word in marks if word.page == page]
        number = [
            word for word in pdf.words(bulletin.pdf) if word.page == page and first.right <= word.left < last.left
        ]
        assert any(word.text == str(page) for word in number)
        middle = 105 * MM
        assert (first.left > middle) if page % 2 else (last.right < middle)
        assert 262 * MM + 5 * MM < first.top < 262 * MM + 9 * MM


def test_margins_change_sides_for_binding(bulletin):
    for page, left in ((1, 28), (2, 26)):
        at = [word.left for word in pdf.words(bulletin.pdf) if word.page == page and 40 * MM < word.top < 260 * MM]
        assert min(at) == pytest.approx(left * MM, abs=1.5)


def test_the_imprint_stands_at_the_foot_of_the_last_page(bulletin, redcard):
    for paper in (bulletin, redcard):
        last = [word for word in pdf.words(paper.pdf) if word.text.endswith("印发")]
        assert [word.page for word in last] == [paper.pages]
        assert 255 * MM < last[0].bottom < 262.5 * MM


def test_the_name_of_the_organ_fits_its_line():
    for length in (4, 10, 11, 18, 22, 23, 40):
        organ = "临" * length
        page = laid_out(f'<div class="head"><p class="head__organ {head_size(organ)}">{organ}</p></div>').pages[0]
        assert len(lines(page)) == (1 if length <= 22 else 2), length
        (text, *_) = [box for box in page._page_box.descendants() if getattr(box, "text", "").startswith("临")]
        assert text.position_x >= page._page_box.content_box_x() - 1
        assert text.width <= 156 * 96 / 25.4


def test_a_signature_never_stands_alone_on_a_page():
    """此页无正文 is not to be: whatever the length, text comes along with it."""
    signature = '<div class="signed" id="signed"><p>临江区某某办公室</p><p>2026年11月5日</p></div>'
    pages = set()
    for count in (1, *range(18, 24), *range(40, 47)):
        document = laid_out("".join(f'<p class="body">第{n}段。</p>' for n in range(count)) + signature)
        last = lines(document.pages[-1])
        assert last[-2:] == ["临江区某某办公室", "2026年11月5日"]
        assert any("段。" in line for line in last), count
        pages.add(len(document.pages))
    assert pages == {1, 2, 3}


def test_without_the_rule_a_signature_would_stand_alone():
    """The control for the one above."""
    signature = '<div id="signed"><p>临江区某某办公室</p></div>'
    document = laid_out("".join("<p>段。</p>" for _ in range(22)) + signature)
    assert lines(document.pages[-1]) == ["临江区某某办公室"]


def test_wide_tables_lie_on_their_side():
    document = laid_out('<p>正文</p><section class="wide"><table><tr><td>宽表</td></tr></table></section>')
    assert [page.width > page.height for page in document.pages] == [False, True]


def test_long_tables_repeat_their_head():
    rows = [samples.row(n, f"单位{n}", 5, 5) for n in range(1, 120)]
    paper = made(context=samples.bulletin(groups=[{"title": "区级部门", "rows": rows}], scorecards=[]))
    pages = [
        page for page in pdf.text(paper.pdf).split("\f") if "单位5\n" in page or "单位60" in page or "单位119" in page
    ]
    assert len(pages) >= 3
    assert all("完成率" in page for page in pages)


# The file -----------------------------------------------------------------------------------------------------------


def test_the_file_is_pdf_a_3a(bulletin):
    with pdf.opened(bulletin.pdf) as file:
        metadata = file.Root.Metadata
        assert "/Filter" not in metadata
        with file.open_metadata() as facts:
            assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("3", "A")
            assert facts["dc:title"] == samples.paper()["title"]
        assert file.Root.Lang == "zh-CN"
        assert file.Root.MarkInfo.Marked
        assert file.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert file.Root.ViewerPreferences.DisplayDocTitle
        related = [one.objgen for one in file.Root.AF]
        assert len(related) == len(set(related)) == 2
        assert {str(one.AFRelationship) for one in file.Root.AF} == {"/Source"}


def test_every_face_is_inside(bulletin, redcard):
    for paper in (bulletin, redcard):
        found = pdf.fonts(paper.pdf)
        assert len(found) >= 3
        assert all(embedded for _name, embedded in found)


def test_rare_names_are_drawn():
    unit = f"{RARE}有限公司"
    paper = made("redcard", samples.redcard(unit=unit))
    assert unit in pdf.text(paper.pdf)
    assert paper.warnings == []


def test_a_character_without_a_face_is_told():
    """The control: a box is noticed."""
    paper = made("redcard", samples.redcard(unit="区\U000f0000局"))
    assert any("notdef" in warning for warning in paper.warnings)


def test_equal_input_gives_equal_bytes(bulletin):
    """Also from another process, whose dictionaries and times are its own."""
    assert made(sandboxed=True).pdf == bulletin.pdf
    assert made(context=samples.bulletin(district="临江区 ")).pdf != bulletin.pdf


def test_what_is_enclosed_can_be_checked(bulletin):
    files = pdf.enclosures(bulletin.pdf)
    assert files["清单.csv"] == "\ufeff单位,数\r\n'=1+1,-3.50\r\n堃,2\r\n".encode()
    assert json.loads(files["口径.json"]) == {"版本": 1}


# Nothing active, nothing from elsewhere -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1+1", "＠A", " =1+1", "-"]
)
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-3", "+3.50", "-1,234.5", "-12%", "3", "甲=乙", "", "WT2026-000123"])
def test_plain_cells_stay_as_they_are(cell):
    assert harmless(cell) == cell


def test_the_list_of_sums_is_what_sha256sum_reads():
    listed = sums([Sheet("乙.csv", ["a"], []), Sheet("甲.csv", ["b"], [])]).data.decode()
    assert [line.split("  ")[1] for line in listed.splitlines()] == ["乙.csv", "甲.csv"]
    assert all(len(line.split("  ")[0]) == 64 for line in listed.splitlines())


class Canary:
    """A server and a file that nobody may touch."""

    def __init__(self, folder: Any) -> None:
        self.hits: list[str] = []
        hits = self.hits

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                hits.append(self.path)
                if self.path == "/redirect":
                    self.send_response(302)
                    self.send_header("Location", "/redirected")
                    self.end_headers()
                    return
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"canary")

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.http = f"http://127.0.0.1:{self.server.server_port}"
        self.file = folder / "canary.txt"
        self.file.write_text("the canary sings")


@pytest.fixture
def canary(tmp_path) -> Iterator[Canary]:
    one = Canary(tmp_path)
    yield one
    one.server.shutdown()
    one.server.server_close()


CHANNELS = {
    "img": '<img src="{http}/img">',
    "redirect": '<img src="{http}/redirect">',
    "style": '<style>p {{ background: url("{http}/background") }}</style><p>x</p>',
    "import": '<style>@import "{http}/import";</style>',
    "font": '<style>@font-face {{ font-family: x; src: url("{http}/font") }} p {{ font-family: x }}</style><p>x</p>',
    "content": '<style>p::before {{ content: url("{http}/content") }}</style><p>x</p>',
    "list": '<ul style="list-style-image: url({http}/list)"><li>x</ul>',
    "stylesheet": '<link rel="stylesheet" href="{http}/stylesheet">',
    "attachment": '<link rel="attachment" href="{http}/attachment"><p>x</p>',
    "link": '<a rel="attachment" href="{http}/link">x</a>',
    "object": '<object data="{http}/object" type="image/png"></object>',
    "embed": '<embed src="{http}/embed" type="image/png">',
    "svg": '<svg><image href="{http}/svg" width="9" height="9"/></svg>',
    "data": "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{http}/data' width='9' "
    "height='9'/></svg>\">",
    "base": '<base href="{http}/"><img src="relative">',
    "file": '<link rel="attachment" href="file://{file}"><p>x</p>',
    "file image": '<img src="file://{file}">',
    "data alone": '<img src="data:image/png;base64,AAAA">',
}
NEVER_ASKED = {"file", "file image", "data alone"}  # by http


def address(canary: Canary, channel: str) -> str:
    return CHANNELS[channel].format(http=canary.http, file=canary.file)


@pytest.mark.parametrize("channel", CHANNELS)
def test_whoever_gets_markup_into_a_paper_fetches_nothing(canary, channel):
    with pytest.raises(RefusedError, match="address"):
        press.work(json.dumps(order(f"<html><body>{address(canary, channel)}</body></html>")).encode())
    assert canary.hits == []


def test_with_the_usual_fetcher_the_same_markup_fetches(canary):
    """The control: the channels are real."""
    quiet = {channel for channel in CHANNELS if channel not in NEVER_ASKED}
    for channel in sorted(quiet):
        before = len(canary.hits)
        HTML(string=address(canary, channel)).write_pdf(font_config=FontConfiguration())
        if len(canary.hits) > before:
            quiet.discard(channel)
    assert quiet <= {"embed", "object"}  # they are only drawn when the answer is a picture
    leaked = HTML(string=address(canary, "file")).write_pdf()
    assert b"the canary sings" in pdf.streams(leaked)


def test_the_refusal_is_told_through_the_sandbox(canary):
    with pytest.raises(rendering.RenderingError) as caught:
        rendering.render_html(f'<html><body><img src="{canary.http}/img"></body></html>', at=AT, styles=[])
    assert caught.value.why == "address"
    assert canary.hits == []


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{% include 'x' %}{{ paper.code }}",
    "</td></tr></table><h1>假标题</h1>",
    "&lt;b&gt; &amp; &#x3c;",
    "javascript:alert(1)",
    "'; DROP TABLE documents_document; --",
    "%s %(x)s {0} ${x}",
    "﷽ ‏العربية‏ 🙂",
    "https://example.org/?a=1&b=2",
]


@pytest.mark.parametrize("template", ["bulletin", "redcard"])
def test_hostile_words_are_words(canary, template):
    strings = [*HOSTILE, *(address(canary, channel) for channel in CHANNELS)]
    context = getattr(samples, template)()
    if template == "bulletin":
        context |= {"problems": strings, "scheme_note": strings[0], "addressees": strings[1]}
        context["groups"][0]["rows"][0]["unit"] = strings[3]
        context["scorecards"][0]["deductions"] = [{"ref": one[:40], "why": one, "points": "-1.00"} for one in strings]
    else:
        context |= {
            "unit": strings[0],
            "rule": "\n".join(strings),
            "appeal": {"channel": strings[3], "until": "2026-11-11"},
        }
        context["cases"] = [
            {"ref": one[:40], "title": one, "due": "2026-10-12", "done": None, "lost_days": 1} for one in strings
        ]
    paper = made(template, context, title=strings[0], organ="临江区<b>办</b>")
    said = "".join(pdf.text(paper.pdf, "-raw").split())
    for string in HOSTILE[:7] + HOSTILE[9:]:
        assert "".join(string.split()) in said, string
    assert canary.hits == []
    kinds = Counter(pdf.objects(paper.pdf))
    assert not [kind for kind in kinds if "Annot" in kind or "/Action" in kind or "JavaScript" in kind]
    assert set(pdf.enclosures(paper.pdf)) == {"清单.csv", "口径.json"}
    assert not {kind for kind in kinds if "Image" in kind}  # the code is drawn, not a picture


def test_text_that_no_file_can_hold_becomes_a_mark():
    assert rendering.clean({"a": ["x\x00\x07\ud800\ufffe\u2028y\n", 3, None]}) == {
        "a": ["x\ufffd\ufffd\ufffd\ufffd\ufffdy\n", 3, None]
    }
    paper = made("redcard", samples.redcard(unit="区\x00局\x1b"), title="题\x01目")
    assert "区\ufffd局\ufffd" in pdf.text(paper.pdf)


@pytest.mark.parametrize(
    ("body", "why"),
    [("<div>" * 3000, "layout"), ('<p style="font-size: 1e9px">x</p>', ""), ('<p style="width: 1px">长</p>' * 50, "")],
)
def test_documents_that_break_the_press_break_alone(body, why):
    try:
        rendering.render_html(f"<html><body>{body}</body></html>", at=AT)
        broke = ""
    except rendering.RenderingError as error:
        broke = error.why
    assert broke in (why, "layout", "crash", "memory")


def test_a_paper_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(rendering, "LIMITS", sandbox.Limits(cpu_seconds=3, wall_seconds=60, memory_mebibytes=1024))
    rows = "<tr>" + "<td>格</td>" * 30 + "</tr>"
    with pytest.raises(rendering.RenderingError) as caught:
        rendering.render_html(f"<html><body><table>{rows * 3000}</table></body></html>", at=AT)
    assert caught.value.why == "time"


def test_templates_for_papers_mark_nothing_safe():
    source = engines["django"].get_template("assessments/papers/bulletin.html")
    assert source.render({"month_label": "<b>", "paper": samples.paper()}).count("&lt;b&gt;") >= 2


def test_the_time_on_the_file_is_the_given_one(bulletin):
    with pdf.opened(bulletin.pdf) as file:
        assert str(file.docinfo["/CreationDate"]) == "D:20261105090000+08'00"
