"""Categories: two levels, the Chinese name is the key (PRODUCT.md §3)."""

from __future__ import annotations

from issues.models import Category

CATEGORIES: dict[str, tuple[str, ...]] = {
    "规划选址": (),
    "用地": ("边界与权属", "供地手续"),
    "融资": (),
    "供电": ("高压接入", "停电检修"),
    "供水": (),
    "供气": (),
    "通讯": (),
    "环评/安评/能评": (),
    "审批办理": ("施工许可", "竣工验收"),
    "政策兑现": ("奖补资金", "税费减免"),
    "合同履约": (),
    "用工": (),
    "市政配套": ("道路", "排水", "公交"),
    "市场/宣传": (),
    "涉企执法": (),
    "其他": (),
}


def categories() -> str | None:
    """Those that are missing, in this order."""
    made = 0
    for order, (name, children) in enumerate(CATEGORIES.items(), start=1):
        parent, new = Category.objects.get_or_create(name=name, defaults={"order": order * 10})
        made += new
        for step, child in enumerate(children, start=1):
            made += Category.objects.get_or_create(name=child, defaults={"order": order * 10 + step, "parent": parent})[
                1
            ]
    return f"{made}" if made else None
