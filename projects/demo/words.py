"""What is said in the projects of 临江区, and how far they have got. All of it is made up."""

from __future__ import annotations

from projects.states import Category, Criterion, LogKind, PromiseSide, Review, Stage

# How far projects have got: of twenty, and how many days ago their plan began (least, most).
REACHED: tuple[tuple[Stage, int, int, int], ...] = (
    (Stage.PLANNING, 1, 0, 0),
    (Stage.NEGOTIATION, 2, 3, 38),
    (Stage.SIGNING, 2, 48, 92),
    (Stage.CONSTRUCTION, 9, 118, 470),
    (Stage.PRODUCTION, 3, 528, 690),
    (Stage.OPERATION, 2, 706, 900),
    (Stage.TERMINATED, 1, 60, 90),
)
CATEGORY = {
    Stage.PLANNING: Category.PRELIMINARY,
    Stage.NEGOTIATION: Category.PRELIMINARY,
    Stage.SIGNING: Category.PLANNED_START,
    Stage.CONSTRUCTION: Category.CONTINUING,
    Stage.PRODUCTION: Category.COMPLETING,
    Stage.OPERATION: Category.COMPLETING,
    Stage.TERMINATED: Category.PRELIMINARY,
}
KINDS = ("产业化项目", "研发中心", "智能工厂", "冷链基地", "技术改造", "检测平台", "二期扩建", "总部基地", "配套产业园")
AMOUNTS = (2600, 3800, 5200, 8000, 9600, 12000, 15000, 21000, 28000, 36000, 52000, 68000, 85000, 120000, 180000, 260000)
TALKS = (
    "企业介绍了产品和市场，希望今年内落地。",
    "企业看了两处地块，对供电和用工问得最细。",
    "与投资方视频洽谈，议定下月来区考察。",
)
VISITS = (
    (LogKind.VISIT, "到厂区走访，了解设备到货和用工情况。"),
    (LogKind.ONSITE, "现场办公，与施工单位一起核对工期。"),
    (LogKind.CALL, "电话了解进展，提醒准备验收资料。"),
    (LogKind.TALK, "与企业座谈，讲解惠企政策和申报材料。"),
)
OWED = (
    (PromiseSide.GOVERNMENT, "供地前完成场平，通水、通电、通路。", "第三条"),
    (PromiseSide.ENTERPRISE, "取得施工许可后六个月内完成固定资产投资三成。", "第五条"),
)
REASONS = {
    Criterion.INDUSTRY: "符合本区主导产业方向。",
    Criterion.TECHNOLOGY: "核心工艺有自主专利。",
    Criterion.TEAM: "管理团队从业十年以上。",
    Criterion.MARKET: "主要客户已签意向订单。",
    Criterion.STRENGTH: "自有资金占总投资四成。",
    Criterion.COST: "用地和能耗在承载范围内。",
    Criterion.RETURN: "预计达产后亩均税收达标。",
}
# The unit that speaks for each side of the joint pre-review; where the district is small, the project's own.
REVIEWERS = {Review.ENVIRONMENT: "HBJ", Review.ENERGY: "FGW", Review.SAFETY: "YJJ"}
