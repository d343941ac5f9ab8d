"""Words that are hard to set: long Chinese, and Latin without a place to break."""

LONG = (
    "高端数控机床产业化（二期）110 千伏供电接入方案迟迟未定，影响 12 月 20 日进口设备进场调试，"
    "供电公司要求从园区开闭所接入而园区称容量已满，请明确接入点和迁改费用由谁承担"
)
CODE = "WT2026-000387-HTTPS://EXAMPLE.INVALID/AVERYLONGWORDWITHOUTANYPLACETOBREAKITATALL0123456789"
