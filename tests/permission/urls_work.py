"""The work on a project, as everybody (signs as in ``urls_staff``): plan, approvals, money, promises, log. It is
SWJ's project; in the other one GDJ has an approval."""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                                       -nefwsohxvlkCSDTA123qryjpb
GET    /app/approvals/                                                  L3333333333++++3+333+3++33
GET    /app/approvals/?as=xlsx                                          L3333333333++++3+333+3++33
GET    /app/approvals/friday/                                           L3333333333++++3+333+3++33
GET    /app/approvals/friday/?as=xlsx                                   L3333333333++++3+333+3++33
GET    /app/investment/                                                 L33333+++33+++3++333+++++3
GET    /app/investment/?as=xlsx                                         L33333+++33+++3++333+++++3
POST   /app/investment/enter/                                           L33333>>>333>3333333>>>>>3
POST   /app/investment/answer/                                          L33333333333333>3333333333
GET    /app/projects/{project_work}/plan/                               L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/plan/?as=xlsx                       L33334++4+++++33+333+4+++3
GET    /app/projects/{project_approved_by}/plan/                        L3333444444+++33+333++++43
GET    /app/projects/{project_work}/plan/new/                           L33334334333+3333333+43+33
POST   /app/projects/{project_work}/plan/new/                           L33334334333+3333333+43+33
GET    /app/projects/{project_work}/plan/template/                      L33334334333+3333333+43+33
POST   /app/projects/{project_work}/plan/template/                      L33334334333+3333333+43+33
GET    /app/projects/{project_work}/plan/{item}/start-item/             L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/plan/{item}/start-item/             L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/plan/{item}/return-item/            L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/plan/{item}/return-item/            L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/plan/{item}/finish-item/            L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/plan/{item}/finish-item/            L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/plan/{item}/refuse-item/            L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/plan/{item}/refuse-item/            L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/plan/{item}/drop-item/              L33334334333+3333333343+33
POST   /app/projects/{project_work}/plan/{item}/drop-item/              L33334334333+3333333343+33
GET    /app/projects/{project_work}/plan/{item}/assign-item/            L33334334333+3333333343+33
POST   /app/projects/{project_work}/plan/{item}/assign-item/            L33334334333>3333333343>33
GET    /app/projects/{project_work}/plan/{item}/revise-item/            L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/plan/{item}/revise-item/            L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/plan/{item}/grant-revision/         L33334334333+3333333343+33
POST   /app/projects/{project_work}/plan/{item}/grant-revision/         L33334334333>3333333343>33
GET    /app/projects/{project_work}/plan/{item}/deny-revision/          L33334334333+3333333343+33
POST   /app/projects/{project_work}/plan/{item}/deny-revision/          L33334334333+3333333343+33
GET    /app/projects/{project_approved_by}/plan/{item_gdj}/start-item/  L33334444443+3333333++3+43
POST   /app/projects/{project_approved_by}/plan/{item_gdj}/start-item/  L33334444443+3333333++3+43
GET    /app/projects/{project_approved_by}/plan/{item}/start-item/      L3333444444444334333444443
POST   /app/projects/{project_approved_by}/plan/{item}/start-item/      L3333444444444334333444443
GET    /app/projects/{project_work}/investment/                         L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/investment/?as=xlsx                 L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/investment/plan/                    L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/investment/plan/                    L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/promises/                           L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/promises/new/                       L33334++4333+3333333+4+++3
POST   /app/projects/{project_work}/promises/new/                       L33334++4333+3333333+4+++3
GET    /app/projects/{project_work}/promises/{promise}/check/           L33334334333++333333343+33
POST   /app/projects/{project_work}/promises/{promise}/check/           L33334334333++333333343+33
POST   /app/projects/{project_work}/promises/{promise}/raise/           L33334334333>>333333>4>>33
GET    /app/projects/{project_work}/clocks/{clock_of_work}/             L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/log/                                L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/log/?as=xlsx                        L33334++4+++++33+333+4+++3
GET    /app/projects/{project_work}/log/new/                            L33334++4++3+3333333+4+++3
POST   /app/projects/{project_work}/log/new/                            L33334++4++3+3333333+4+++3
GET    /app/projects/{project_served}/log/new/                          L3333+444443+3333333+4++43
POST   /app/projects/{project_served}/log/new/                          L3333+444443+3333333+4++43
"""
