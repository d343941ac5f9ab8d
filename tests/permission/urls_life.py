"""The life of a project, as everybody (signs as in ``urls_staff``). Who may meet a project is a matter of rows; the
cells of one project say so."""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                                        -nefwsohxvlkCSDTA123qryjpb
# Lists: what each sees in them is a matter of rows.
GET    /app/projects/                                                    L3333+++++++++33+333+++++3
GET    /app/projects/?as=xlsx                                            L3333+++++++++33+333+++++3
GET    /app/leads/                                                       L3333+++++++++33+333+++++3
GET    /app/leads/?as=xlsx                                               L3333+++++++++33+333+++++3
GET    /app/leads/library/                                               L3333+++++++++33+333+++++3
GET    /app/leads/library/?as=xlsx                                       L3333+++++++++33+333+++++3
GET    /app/my-projects/                                                 L3333+333+++33333333333++3
GET    /app/projects/-/new/                                              L33333333333+3333333+33+33
POST   /app/projects/-/new/                                              L33333333333+3333333+33+33
GET    /app/projects/-/move/                                             L33333333333+3333333+33+33
POST   /app/projects/-/move/                                             L33333333333+3333333+33+33
GET    /app/leads/new/                                                   L33333+++333+3333333+++++3
POST   /app/leads/new/                                                   L33333+++333+3333333+++++3
GET    /app/leads/library/target/                                        L33333333333+3333333+33+33
POST   /app/leads/library/target/                                        L33333333333+3333333+33+33
# One project of CGJ, its unit; those of one relation each; one about which the leader of the line is asked.
GET    /app/projects/{project_of_unit}/                                  L3333444+44+++33+333+4++43
GET    /app/projects/{project_of_unit}/history/                          L3333444+44+++33+333+4++43
GET    /app/projects/{project_of_unit}/team/                             L3333444+44+++33+333+4++43
GET    /app/projects/{project_of_unit}/issues/                           L3333444+44+++33+333+4++43
GET    /app/projects/{project_of_unit}/stages/                           L3333444+44+++33+333+4++43
GET    /app/projects/{project_of_unit}/files/                            L3333444+44+++33+333+4++43
GET    /app/projects/{project_of_unit}/lead/                             L3333444+44+++33+333+4++43
GET    /app/projects/{project_served}/                                   L3333+44444+++33+333+4++43
GET    /app/projects/{project_line_named}/                               L33334444+++++33+333+4++43
GET    /app/projects/{project_line_named}/files/                         L33334444+++++33+333+4++43
GET    /app/projects/{project_of_unit}/change/                           L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/change/                           L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/describe/                         L3333444+443+3333333+43+43
POST   /app/projects/{project_of_unit}/describe/                         L3333444+443+3333333+43+43
GET    /app/projects/{project_of_unit}/team/manager/                     L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/team/manager/                     L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/team/manager/{manager}/end/       L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/team/manager/{manager}/end/       L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/team/member/                      L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/team/member/                      L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/team/member/{member}/end/         L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/team/member/{member}/end/         L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/stages/override/                  L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/stages/override/                  L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/stages/terminate/                 L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/stages/terminate/                 L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/days/signed_on/                   L3333444+443+3333333+43+43
POST   /app/projects/{project_of_unit}/days/signed_on/                   L3333444+443+3333333+43+43
GET    /app/projects/{project_of_unit}/days/signed_on/correct/           L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/days/signed_on/correct/           L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/files/add/                        L3333444+443+3333333+43+43
POST   /app/projects/{project_of_unit}/files/add/                        L3333444+443+3333333+43+43
GET    /app/projects/{project_of_unit}/lead/first-talk/                  L3333444+443+3333333+43+43
POST   /app/projects/{project_of_unit}/lead/first-talk/                  L3333444+443+3333333+43+43
GET    /app/projects/{project_of_unit}/lead/evaluate/                    L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/lead/evaluate/                    L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/lead/park/                        L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/lead/park/                        L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/lead/review/                      L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/lead/review/                      L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/lead/decision/                    L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/lead/decision/                    L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/lead/brief/                       L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/lead/brief/                       L33334443443+3333333+43+43
GET    /app/projects/{project_of_unit}/stages/strike-off/                L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/stages/strike-off/                L33334443443+3333333+43+43
POST   /app/projects/{project_of_unit}/stages/advance/                   L3333444+443+3333333+43+43
GET    /app/projects/{project_asked}/                                    L33334444+++++33+333+4++43
GET    /app/projects/{project_asked}/lead/park/answer/                   L33334444++333333333343343
GET    /app/projects/{project_asked}/lead/opinion/                       L333344443++33333333343+43
POST   /app/projects/{project_asked}/lead/park/answer/                   L33334444++333333333343343
POST   /app/projects/{project_asked}/lead/opinion/                       L333344443++33333333343+43
"""
