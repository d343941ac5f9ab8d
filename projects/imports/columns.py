"""The columns of the workbook: heading, field, and how a cell is read. Headings are Chinese whoever reads them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from projects.states import ApprovalType, Category, Level, Stage

Kind = Literal["code", "text", "money", "area", "day", "choice", "flag", "unit", "chain", "uscc"]


@dataclass(frozen=True)
class Column:
    heading: str
    field: str
    kind: Kind
    most: int = 200
    unit: str = ""  # printed behind the heading
    help: str = ""
    required: bool = False


COLUMNS = (
    Column("项目编号", "code", "code", 32, help="必填，全表唯一。库内已有的为更新，没有的为新增。", required=True),
    Column("项目名称", "name", "text", 200, help="新增项目必填。"),
    Column("企业名称", "enterprise", "text", 200, help="营业执照上的全称。库内没有的企业随导入一并建立。"),
    Column("统一社会信用代码", "uscc", "uscc", 24, help="18位。校验位不符的给出提醒，不影响导入。"),
    Column("投资方", "investor", "text", 200),
    Column("建设内容", "content", "text", 4000),
    Column("级别", "level", "choice", help="区级、市级、省级。"),
    Column("类别", "category", "choice", help="前期、计划新开工、续建、完工投产。"),
    Column("立项方式", "approval_type", "choice", help="核准、备案。"),
    Column("批前提速", "fast_early", "flag", help="是、否。"),
    Column("承诺审批", "fast_promise", "flag", help="是、否。"),
    Column("先建后验", "fast_build", "flag", help="是、否。"),
    Column("产业链", "chain", "chain", help="系统内产业链的名称。"),
    Column("所属行业", "industry", "text", 100),
    Column("责任单位", "unit", "unit", help="系统内单位的全称、简称或代码。"),
    Column("牵头单位", "lead_unit", "unit", help="同上。"),
    Column("镇街", "town", "unit", help="同上，须为镇街。"),
    Column("园区", "park", "unit", help="同上，须为园区。"),
    Column("建设地点", "place", "text", 200),
    Column("总投资", "total_investment", "money", unit="万元", help="标题可写万元、亿元；单元格内也可写“12.5亿元”。"),
    Column("年度计划投资", "year_plan", "money", unit="万元", help="不写年份的为当年；也可写“2027年计划投资”。"),
    Column("用地面积", "land_area", "area", unit="亩", help="标题可写亩、公顷、平方米。"),
    Column("阶段", "stage", "choice", help="谋划、洽谈、签约、开工建设、竣工投产、运营。库内项目的阶段不能导入改变。"),
    Column("洽谈日期", "talks_on", "day", help="日期可写2026-03-05、2026.3.5、2026年3月5日；只写年月的按1日计。"),
    Column("签约日期", "signed_on", "day"),
    Column("进资日期", "capital_in_on", "day"),
    Column("开工日期", "started_on", "day"),
    Column("竣工日期", "completed_on", "day"),
    Column("投产日期", "produced_on", "day"),
    Column("达产日期", "capacity_on", "day"),
    Column("计划开工", "plan_started", "day", help="只写年月的按当月1日计。"),
    Column("计划竣工", "plan_completed", "day", help="只写年月的按当月最后一日计。"),
    Column("备注", "note", "text", 4000),
)  # fmt: skip
BY_HEADING = {column.heading: column for column in COLUMNS}
BY_FIELD = {column.field: column for column in COLUMNS}
OTHER_HEADINGS = {
    "编号": "项目编号",
    "名称": "项目名称",
    "项目单位": "企业名称",
    "建设单位": "企业名称",
    "信用代码": "统一社会信用代码",
    "建设内容及规模": "建设内容",
    "审批方式": "立项方式",
    "行业": "所属行业",
    "责任部门": "责任单位",
    "建设地址": "建设地点",
    "计划投资": "年度计划投资",
    "用地": "用地面积",
    "计划开工时间": "计划开工",
    "计划竣工时间": "计划竣工",
}
# What stands beside them in a list that went out; the import passes over it.
ALONGSIDE = ("灯", "项目经理", "本年完成投资（万元）", "本年完成率")
PASSED_OVER = frozenset({"序号", "", *ALONGSIDE})
UNITS = ("万元", "亿元", "元", "亩", "公顷", "平方米")
FACTS = ("talks_on", "signed_on", "capital_in_on", "started_on", "completed_on", "produced_on", "capacity_on")
# Planned days become milestones of these keys, named as the source names them.
PLANNED = {"plan_started": ("started", "开工"), "plan_completed": ("completed", "竣工")}
WORDS: dict[str, dict[str, str]] = {
    "level": {"区级": Level.DISTRICT, "市级": Level.CITY, "省级": Level.PROVINCE, "区重点": Level.DISTRICT,
              "市级重大": Level.CITY, "省级重大": Level.PROVINCE},
    "category": {"前期": Category.PRELIMINARY, "计划新开工": Category.PLANNED_START, "新开工": Category.PLANNED_START,
                 "续建": Category.CONTINUING, "完工投产": Category.COMPLETING},
    "approval_type": {"核准": ApprovalType.APPROVAL, "备案": ApprovalType.FILING, "核准制": ApprovalType.APPROVAL,
                      "备案制": ApprovalType.FILING},
    "stage": {"谋划": Stage.PLANNING, "洽谈": Stage.NEGOTIATION, "签约": Stage.SIGNING, "开工建设": Stage.CONSTRUCTION,
              "开工": Stage.CONSTRUCTION, "在建": Stage.CONSTRUCTION, "竣工投产": Stage.PRODUCTION,
              "竣工": Stage.PRODUCTION, "投产": Stage.PRODUCTION, "运营": Stage.OPERATION},
}  # fmt: skip
TRUTH = {"是": True, "√": True, "有": True, "1": True, "否": False, "无": False, "×": False, "0": False}
_BRACKET = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"(20\d\d)年?度?")


@dataclass(frozen=True)
class Heading:
    column: Column
    unit: str = ""
    year: int | None = None


def heading(text: str) -> Heading | None:
    """What a heading means: spaces, stars, full-width signs, unit in brackets and year are understood."""
    plain = re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", text))
    brackets = "".join(_BRACKET.findall(plain))
    bare = _BRACKET.sub("", plain)
    year = None
    if (found := _YEAR.match(bare)) and "投资" in bare:
        year, bare = int(found[1]), bare[found.end() :]
        bare = bare if bare in BY_HEADING else "年度计划投资"
    column = BY_HEADING.get(OTHER_HEADINGS.get(bare, bare))
    unit = next((unit for unit in UNITS if unit in brackets), "")
    return Heading(column, unit, year) if column else None
