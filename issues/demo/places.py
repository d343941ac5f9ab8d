"""What 临江区 consists of, small and in full. All names are made up."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import bootstrap as accounts_bootstrap
from accounts.roles import UnitKind

D, T, P, U, V = UnitKind.DEPARTMENT, UnitKind.TOWN, UnitKind.PARK, UnitKind.UTILITY, UnitKind.VERTICAL
ROOT = accounts_bootstrap.ROOT
UnitWords = tuple[str, str, str, UnitKind, bool]
LineWords = tuple[str, str, str, str, tuple[str, ...]]
# code, name, short name, kind, lead unit; all of them are responsible units
UNITS: tuple[UnitWords, ...] = (
    ("FGW", "区发展和改革局", "区发改局", D, True),
    ("JXJ", "区经济和信息化局", "区经信局", D, True),
    ("ZJJ", "区住房和城乡建设局", "区住建局", D, True),
    ("JTJ", "区交通运输局", "区交通局", D, True),
    ("SWJ", "区水务局", "区水务局", D, True),
    ("CGJ", "区城市管理局", "区城管局", D, False),
    ("RSJ", "区人力资源和社会保障局", "区人社局", D, False),
    ("CZJ", "区财政局", "区财政局", D, False),
    ("SPJ", "区行政审批局", "区审批局", D, False),
    ("SJG", "区市场监督管理局", "区市监局", D, False),
    ("ZRJ", "区自然资源分局", "区资源分局", V, True),
    ("HBJ", "区生态环境分局", "区环境分局", V, False),
    ("GDJ", "临江供电公司", "供电公司", U, False),
    ("GSJ", "临江水务集团", "水务集团", U, False),
    ("JKQ", "临江经济开发区管委会", "经开区", P, True),
    ("GXY", "望潮高新产业园办公室", "高新园", P, False),
    ("BGZ", "滨港镇", "", T, False),
    ("YLJ", "云麓街道", "", T, False),
    ("WCZ", "望潮镇", "", T, False),
    ("QTJ", "青桐街道", "", T, False),
    ("HXZ", "禾溪镇", "", T, False),
)
OFFICES = (
    ("ZFB", "区政府办公室", "区政府办"),
    ("WYB", "区委办公室", "区委办"),
    ("KFB", "区开放发展办公室", "区开放办"),
    ("JWJ", "区纪委监委", "区纪委监委"),
    ("TJJ", "区统计局", "区统计局"),
)
# line, leader's name and title, office, units covered
LINES: tuple[LineWords, ...] = (
    ("工业经济线", "沈岳", "副区长", "ZFB", ("JXJ", "JKQ", "GXY", "SWJ", "GSJ", "GDJ", "BGZ")),
    ("城乡建设线", "陆知行", "副区长", "WYB", ("ZJJ", "JTJ", "CGJ", "ZRJ", "YLJ", "WCZ")),
    ("营商服务线", "叶明澈", "区委常委", "KFB", ("FGW", "RSJ", "CZJ", "SPJ", "SJG", "HBJ", "QTJ")),
)
FIRMS: tuple[tuple[str, str, bool], ...] = (
    ("江澜精密制造有限公司", "JKQ", True), ("衡宇电子科技有限公司", "JKQ", True), ("远舟冷链物流有限公司", "BGZ", True),
    ("云岫生物科技有限公司", "GXY", True), ("砺锋智能装备有限公司", "JKQ", True), ("澄光新材料有限公司", "GXY", False),
    ("青桐医疗器械有限公司", "QTJ", False), ("禾曦食品有限公司", "HXZ", False), ("望潮纺织有限公司", "WCZ", False),
    ("泊远物流有限公司", "BGZ", False), ("松间文创有限公司", "YLJ", False), ("南屏建材有限公司", "WCZ", False),
)  # fmt: skip
# What the district has besides in its full size: 54 responsible units, 14 of them lead, and 8 lines.
MORE_UNITS: tuple[UnitWords, ...] = (
    ("ZSJ", "区招商投资促进局", "区招商局", D, True),
    ("SWW", "区商务局", "区商务局", D, True),
    ("NYJ", "区农业农村局", "区农业局", D, True),
    ("WLJ", "区文化和旅游局", "区文旅局", D, True),
    ("KJJ", "区科学技术局", "区科技局", D, True),
    ("DSJ", "区大数据发展局", "区大数据局", D, True),
    ("JYJ", "区教育局", "", D, False),
    ("MZJ", "区民政局", "", D, False),
    ("SFJ", "区司法局", "", D, False),
    ("WJJ", "区卫生健康局", "区卫健局", D, False),
    ("YJJ", "区应急管理局", "区应急局", D, False),
    ("SJJ", "区审计局", "", D, False),
    ("GZJ", "区国有资产监督管理局", "区国资局", D, False),
    ("YBJ", "区医疗保障局", "区医保局", D, False),
    ("XFJ", "区信访局", "", D, False),
    ("LYJ", "区林业局", "", D, False),
    ("JRB", "区金融工作办公室", "区金融办", D, False),
    ("RFB", "区人民防空办公室", "区人防办", D, False),
    ("SWF", "区税务局", "", V, False),
    ("XFD", "区消防救援大队", "区消防大队", V, False),
    ("QXJ", "区气象局", "", V, False),
    ("GAJ", "区公安分局", "", V, False),
    ("HGB", "临江海关办事处", "临江海关", V, False),
    ("RQG", "临江燃气公司", "燃气公司", U, False),
    ("DXG", "临江电信公司", "电信公司", U, False),
    ("YDG", "临江移动通信公司", "移动公司", U, False),
    ("LKY", "临空产业园办公室", "临空园", P, True),
    ("SYB", "食品医药产业园办公室", "食药园", P, False),
    ("FWB", "现代服务业集聚区办公室", "服务业园", P, False),
    ("BSB", "保税物流园办公室", "保税园", P, False),
    ("SQZ", "石桥镇", "", T, False),
    ("BLZ", "白鹭镇", "", T, False),
    ("FLJ", "枫林街道", "", T, False),
)
MORE_LINES: tuple[LineWords, ...] = (
    ("临空经济线", "江予白", "副区长", "DSJ", ("LKY", "BSB", "HGB", "DSJ")),
    ("现代农业线", "秦望川", "副区长", "NYJ", ("NYJ", "LYJ", "QXJ", "SQZ", "HXZ")),
    ("文旅商贸线", "苏景澄", "副区长", "SWW", ("SWW", "WLJ", "FWB", "ZSJ", "FLJ")),
    ("科技创新线", "温以恒", "区委常委", "KJJ", ("KJJ", "SYB", "JYJ", "WJJ", "YBJ", "DXG", "YDG")),
    ("安全法治线", "卓清和", "副区长", "YJJ", ("YJJ", "GAJ", "XFD", "SFJ", "XFJ", "MZJ", "RFB", "RQG", "SWF", "BLZ")),
)
# Enterprises of the full size: each word with each trade, as many as are asked for.
FIRM_WORDS = (
    "澜川",
    "栖木",
    "恒砺",
    "云杉",
    "北辰",
    "听泉",
    "鹿鸣",
    "晨屿",
    "观澜",
    "拾光",
    "星渡",
    "屿川",
    "南陌",
    "青岚",
    "玄圃",
    "知微",
)
TRADES = (
    ("精密机械", "装备制造"), ("生物医药", "生物医药"), ("新能源科技", "新能源"), ("智能装备", "装备制造"),
    ("冷链物流", "现代物流"), ("电子材料", "新材料"), ("现代农业", "农产品加工"), ("文旅开发", "文化旅游"),
    ("数据科技", "数字经济"), ("食品", "食品加工"), ("环保科技", "节能环保"), ("供应链", "现代物流"),
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large the district is made."""

    units: tuple[UnitWords, ...]
    lines: tuple[LineWords, ...]
    firms: tuple[tuple[str, str, bool], ...]


def more_firms(count: int) -> tuple[tuple[str, str, bool], ...]:
    """(name, town or park, key enterprise), spread over all towns and parks."""
    places = [code for code, _name, _short, kind, _lead in (*UNITS, *MORE_UNITS) if kind in (T, P)]
    names = [f"{word}{trade}有限公司" for trade, _line in TRADES for word in FIRM_WORDS]
    return tuple((name, places[n % len(places)], n % 5 == 0) for n, name in enumerate(names[:count]))


def trade_of(name: str) -> str:
    return next((line for trade, line in TRADES if trade in name), "先进制造")


SMALL = Size(UNITS, LINES, FIRMS)


def whole(firms: int = 150) -> Size:
    """As the source describes one: 54 responsible units, 14 lead units, 8 lines."""
    return Size((*UNITS, *MORE_UNITS), (*LINES, *MORE_LINES), (*FIRMS, *more_firms(firms)))
