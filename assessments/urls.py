from django.urls import path, register_converter

from assessments.periods import MONTH
from assessments.views import acts, pages, public


class MonthConverter:
    """YYYY-MM, so that nothing else is taken for a month."""

    regex = MONTH.pattern

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(MonthConverter, "month")

app_name = "assessments"
urlpatterns = [
    path("rankings/", public.rankings, name="rankings"),
    path("rankings/<month:month>/", public.rankings, name="ranking"),
    path("app/assessments/", pages.months, name="months"),
    path("app/assessments/cases/<int:pk>/contest/", acts.contest, name="contest"),
    path("app/assessments/contests/<int:pk>/", acts.rule_contest, name="rule_contest"),
    path("app/assessments/cards/<int:pk>/repair/", acts.repair_card, name="repair_card"),
    path("app/assessments/<month:month>/", pages.month, name="month"),
    path("app/assessments/<month:month>/rehearsal/", pages.rehearsal, name="rehearsal"),
    path("app/assessments/<month:month>/assess/", acts.assess, name="assess"),
    path("app/assessments/<month:month>/propose/", acts.propose_publication, name="propose_publication"),
    path("app/assessments/<month:month>/publish/", acts.publish, name="publish"),
    path("app/assessments/<month:month>/retract/", acts.retract, name="retract"),
    path("app/assessments/<month:month>/correct/", acts.correct, name="correct"),
    path("app/assessments/<month:month>/<str:unit>/<slug:group>/", pages.why_page, name="why"),
    path("app/assessments/<month:month>/<str:unit>/<slug:group>/cases/", pages.cases, name="cases"),
    path("app/assessments/<month:month>/<str:unit>/<slug:group>/cases.csv", pages.cases_csv, name="cases_csv"),
]
