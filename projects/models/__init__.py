"""WHAT: enterprises and projects, who leads and serves them, their plan, money, promises and log."""

from projects.models.care import LogEntry, Promise, PromiseCheck
from projects.models.chains import Chain, ChainMeeting, ChainTarget
from projects.models.enterprises import Enterprise, EnterpriseInvitation
from projects.models.imports import ProjectImport
from projects.models.leads import EvaluationScore, Lead, LeaderOpinion, LibraryTarget, PreReview, TierDecision
from projects.models.lines import Line
from projects.models.money import MonthFigure, YearPlan
from projects.models.plan import ApprovalWeek, PlanItem, PlanReturn, PlanRevision, PlanTemplate, TemplateItem
from projects.models.projects import Parcel, Project, ProjectManager, StageChange, TeamMember

__all__ = [
    "ApprovalWeek",
    "Chain",
    "ChainMeeting",
    "ChainTarget",
    "Enterprise",
    "EnterpriseInvitation",
    "EvaluationScore",
    "Lead",
    "LeaderOpinion",
    "LibraryTarget",
    "Line",
    "LogEntry",
    "MonthFigure",
    "Parcel",
    "PlanItem",
    "PlanReturn",
    "PlanRevision",
    "PlanTemplate",
    "PreReview",
    "Project",
    "ProjectImport",
    "ProjectManager",
    "Promise",
    "PromiseCheck",
    "StageChange",
    "TeamMember",
    "TemplateItem",
    "TierDecision",
    "YearPlan",
]
