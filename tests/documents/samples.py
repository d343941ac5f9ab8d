"""Contexts of papers for a fictional district, as docs/papers.md has them."""

from __future__ import annotations

from typing import Any

SUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
UNITS = [
    "区发展改革委",
    "区经济信息委",
    "区规划自然资源局",
    "区住房城乡建委",
    "区生态环境局",
    "区市场监管局",
    "区人力社保局",
]
TOWNS = ["望江街道", "石桥镇", "临港产业园", "青枫街道", "白鹭镇", "云溪镇"]


def paper(**changes: Any) -> dict[str, Any]:
    return {
        "title": "关于2026年10月涉企问题办理情况的通报",
        "organ": "临江区优化营商环境工作领导小组办公室",
        "number": "临通报〔2026〕3号",
        "shown_number": "临通报〔2026〕3号",
        "official_number": "",
        "draft": True,
        "issued_on": "2026-11-05",
        "code": "q3vXk0Zr9T1y8uWcE5nBgA",
        "verify_url": "https://bihuan.example/v/q3vXk0Zr9T1y8uWcE5nBgA/",
        "data_sha256": SUM,
        "scheme_version": "1",
    } | changes


def row(rank: int, unit: str, met: int, due: int, **changes: Any) -> dict[str, Any]:
    return {
        "rank": rank,
        "unit": unit,
        "met": met,
        "due": due,
        "completion": f"{100 * met / due:.2f}",
        "early": 1 if met == due else 0,
        "grade": "优秀" if met == due else "不合格",
        "score": f"{60 + 40 * met / due:.2f}",
        "window": 1,
        "red_card": False,
    } | changes


def scorecard(unit: str, rank: int | None, of: int) -> dict[str, Any]:
    return {
        "unit": unit,
        "month_label": "2026年10月",
        "group": "区级部门",
        "rank": rank,
        "of": of,
        "grade": "合格" if rank else None,
        "score": "87.50" if rank else None,
        "accepted": 14,
        "closed": 11,
        "on_time": 10,
        "sent_back": 1,
        "satisfaction": {"numerator": 9, "denominator": 10, "value": "90.00"},
        "indicators": [
            {"name": "按时签收", "numerator": 14, "denominator": 14, "weight": "10", "points": "10.00"},
            {"name": "按时反馈", "numerator": 13, "denominator": 14, "weight": "15", "points": "13.93"},
            {"name": "按时办结", "numerator": 10, "denominator": 11, "weight": "30", "points": "27.27"},
            {"name": "解决率", "numerator": 8, "denominator": 10, "weight": "20", "points": "16.00"},
            {"name": "满意率", "numerator": 9, "denominator": 10, "weight": "25", "points": "22.50"},
        ],
        "deductions": [{"ref": "WT2026-000118", "why": "申请销号后被退回重办", "points": "-1.00"}],
        "cases": [{"ref": "WT2026-000101", "closed_on": "2026-10-21", "checked_by": "区营商办"}],
    }


def bulletin(**changes: Any) -> dict[str, Any]:
    departments = [row(n, unit, 12 - (n > 4) * n, 12) for n, unit in enumerate(UNITS, 1)]
    departments[-1]["red_card"] = True
    towns = [row(n, unit, 8 - (n > 3), 8, window=3 if n == 2 else 1) for n, unit in enumerate(TOWNS, 1)]
    return {
        "district": "临江区",
        "month": "2026-10",
        "month_label": "2026年10月",
        "scheme_version": "1",
        "scheme_note": "指标及权重：按时签收10分、按时反馈15分、按时办结30分、解决率20分、满意率25分。",
        "computed_at": "2026-11-01T06:00:00+08:00",
        "totals": {"received": 126, "closed": 98, "due": 104, "on_time": 91, "open": 57, "late": 6},
        "rates": [
            {"name": "响应率", "numerator": 121, "denominator": 126, "value": "96.03"},
            {"name": "解决率", "numerator": 80, "denominator": 92, "value": "86.96"},
            {"name": "满意率", "numerator": 77, "denominator": 85, "value": "90.59"},
        ],
        "groups": [
            {
                "title": "区级部门",
                "rows": departments,
                "unranked": [{"unit": "区档案馆", "why": "近三个月应办结不足5件"}],
            },
            {"title": "镇街、园区", "rows": towns},
        ],
        "minimum": 5,
        "window": 3,
        "red_cards": [{"unit": UNITS[-1], "group": "区级部门"}],
        "good": ["石桥镇对12件涉企问题全部提前办结，平均用时6.4个工作日。"],
        "problems": [
            "区人力社保局应办结12件，未办结7件，其中4件逾期超过3个工作日。",
            "全区有6件问题逾期，涉及用地、供电两类，均因牵头单位与责任单位会商不及时。",
            "首次反馈超过3个工作日的有9件，占本月受理的7.14%。",
        ],
        "next_steps": [
            "逾期的6件问题，有关单位要在11月15日前办结；确实办不到的，按规定提请协调。",
            "各单位主要负责人要逐件过问在办事项，到期前一个工作日仍无进展的，当日提请上一层级协调。",
        ],
        "contests": {"opened": 5, "accepted": 2, "rejected": 3},
        "scorecards": [scorecard(UNITS[0], 1, 7), scorecard(UNITS[-1], None, 7)],
    } | changes


def redcard(**changes: Any) -> dict[str, Any]:
    return {
        "district": "临江区",
        "unit": "区人力社保局",
        "month": "2026-10",
        "month_label": "2026年10月",
        "group": "区级部门",
        "rule": "第1版评分办法：完成率低于100%为不合格；不合格且列本组后三位的，亮红牌。",
        "scheme_version": "1",
        "completion": {"met": 5, "due": 12, "value": "41.67"},
        "grade": "不合格",
        "rank": 7,
        "of": 7,
        "score": "76.67",
        "window": 1,
        "lost_days": 23,
        "cases": [
            {"ref": f"WT2026-0001{n}", "title": title, "due": f"2026-10-{n}", "done": done, "lost_days": n - 8}
            for n, title, done in [
                (12, "企业招用技术工人缺少对接渠道", None),
                (20, None, None),
                (15, "社保转移接续办理时间长", "2026-10-29"),
            ]
        ],
        "late": {"open": 2, "done": 1},
        "sheets": [
            {
                "ref": "WT2026-000112",
                "rule": "办结：15个工作日，自起算日的次日起计，至末日18:00。时限规则第1版，工作日历第2版。",
                "weeks": [
                    [{"day": f"9月{21 + n}日", "mark": "起算" if n == 0 else f"第{n}日"} for n in range(5)]
                    + [{"day": f"9月{26 + n}日", "mark": "休"} for n in range(2)],
                    [
                        {"day": f"{10 if n > 2 else 9}月{28 + n - 30 * (n > 2)}日", "mark": "休（国庆节）"}
                        for n in range(7)
                    ],
                ],
                "lines": ["计15日，跳过休息日9日，不计0日。"],
            }
        ],
        "without_case": {"ref": "WT2026-000112", "rank": 4, "grade": "合格"},
        "review_until": "2026-11-13",
        "rectify_until": "2026-11-20",
        "appeal": {"channel": "系统“考核—申请复核”栏目", "until": "2026-11-11"},
    } | changes
