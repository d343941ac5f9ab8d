"""The pages of the issues, as everybody.

One line per method and address, one letter per column under ``HEAD``; who is meant by a sign stands in
``people.PEOPLE``. ``+`` may; ``3`` 403; ``4`` 404; ``1`` 401; ``5`` 405; ``L`` led to the sign-in; ``>`` led elsewhere,
or after a POST done and led on; ``9`` may, but not now. In {}: things of the world (``stories``).
"""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpb
# Lists: everybody's own inbox, and what each may see.
GET    /app/                                                    L+>>+++++++++++>+>>>++++++
GET    /app/?show=done                                          L+>>+++++++++++>+>>>++++++
GET    /app/?show=filed                                         L+>>+++++++++++>+>>>++++++
GET    /app/mine/                                               L+++++++++++++++++++++++++
GET    /app/triage/                                             L3333333333+++333333+3++33
GET    /app/decisions/                                          L3>>>++++++++++++++++++++3
GET    /app/categories/                                         L3333333333333333+33333333
GET    /app/categories/new/                                     L3333333333333333+33333333
POST   /app/categories/new/                                     L3333333333333333+33333333
GET    /app/categories/{category}/                              L3333333333333333+33333333
POST   /app/categories/{category}/                              L3333333333333333+33333333
GET    /app/issues/                                             L3>>>++++++++++++++++++++3
GET    /app/issues/new/                                         L3++++++++++++333333+++++3
POST   /app/issues/new/                                         L3++++++++++++333333+++++3
POST   /app/issues/bulk/                                        L3333++++++++++++++++++++3
GET    /app/issues/export/xlsx/                                 L3>>>++++++++++++++++++++3
GET    /app/issues/export/csv/                                  L3>>>++++++++++++++++++++3
# One issue, in each relation. Whose issue it is, the desk of this one says: a supervisor's and a chief's are
# complaints.
GET    /app/issues/{own}/                                       L4+44+++4+++++44+444+++++4
GET    /app/issues/{foreign}/                                   L44+4444+44+++44+444+4++44
GET    /app/issues/{commercial}/                                L4+44+++4+++++44+444+++++4
GET    /app/issues/{anonymous}/                                 L44444++4+++++44+444+++++4
GET    /app/issues/{observed}/                                  L444+4++4+++++44+444+4+++4
GET    /app/issues/{complaint}/                                 L4+44444++++4++4+4444+4444
GET    /app/issues/{fresh}/                                     L4444444444+++44+444+4++44
GET    /app/issues/{desk}/                                      L4+44+444+++++44+444++++44
GET    /app/issues/{merged}/                                    L44+4444444+++44+444+4++44
GET    /app/issues/{own}/submitted/                             L4+44+++4+++++44+444+++++4
GET    /app/issues/{own}/identify/                              L33333333333+3333333+33+33
POST   /app/issues/{own}/identify/                              L33333333333>3333333>33>33
POST   /app/issues/{own}/contact/                               L4+44+++4+++++44+444+++++4
POST   /app/issues/{commercial}/contact/                        L4+443++4+++++44+444+3+++4
POST   /app/issues/{anonymous}/contact/                         L44444334+++++44+444+3++34
POST   /app/issues/{complaint}/contact/                         L4+44444++++4++4+4444+4444
POST   /app/issues/{own}/files/                                 L4>44>>>4>>3>>443444>>>>>4
GET    /app/issues/{own}/clocks/{clock}/                        L3>>>+++4+++++44+444+++++3
GET    /app/issues/{foreign}/clocks/{clock}/                    L3>>>444444444444444444443
GET    /app/decisions/{decision_own}/                           L3>>>3++433333443444+3+3+3
POST   /app/decisions/{decision_own}/                           L33333++433333443444+3+3+3
GET    /app/decisions/{decision_commercial}/                    L3>>>3++433333443444+3+3+3
# Files follow the words.
GET    /files/{file_sent_own}/x                                 44+44+++4+++++44+444+++++4
GET    /files/{file_work_own}/x                                 44444+++4+++++44+444+++++4
GET    /files/{file_show_own}/x                                 44+44+++4+++++44+444+++++4
GET    /files/{file_work_foreign}/x                             44444444+44+++44+444+4++44
GET    /files/{file_sent_commercial}/x                          44+444++4+++++44+444+4+++4
GET    /files/{file_work_commercial}/x                          444444++4+++++44+444+4+++4
GET    /files/{file_sent_anonymous}/x                           444444++4+++++44+444+++++4
GET    /files/{file_sent_complaint}/x                           44+44444++++4++4+4444+4444
GET    /files/{file_work_complaint}/x                           44444444++++4++4+444444444
# Actions, each on an issue in whose state it may be done.
GET    /app/issues/{refused}/return/                            L43443334333+3443444+33+34
POST   /app/issues/{refused}/return/                            L43443334333+3443444+33+34
GET    /app/issues/{returned}/supplement/                       L4+443444443334434443+3344
POST   /app/issues/{returned}/supplement/                       L4+443444443334434443+3344
GET    /app/issues/{assigned}/refuse/                           L43443++433333443444+++3+4
POST   /app/issues/{assigned}/refuse/                           L43443++433333443444+++3+4
GET    /app/issues/{own}/reassign/                              L43443334333+3443444+33+34
POST   /app/issues/{own}/reassign/                              L43443334333+3443444+33+34
GET    /app/issues/{own}/feed_back/                             L4344+++433333443444+++3+4
POST   /app/issues/{own}/feed_back/                             L4344+++433333443444+++3+4
GET    /app/issues/{own}/escalate/                              L43443++4+3333443444+3+3+4
POST   /app/issues/{own}/escalate/                              L43443++4+3333443444+3+3+4
GET    /app/issues/{coordinating}/decide/                       L43443334++333443444333334
POST   /app/issues/{coordinating}/decide/                       L43443334++333443444333334
GET    /app/issues/{asked}/grant/                               L43443334333+3443444333+34
POST   /app/issues/{asked}/grant/                               L43443334333>3443444333>34
GET    /app/issues/{proposed}/verify/                           L43443334333+3443444333+34
POST   /app/issues/{proposed}/verify/                           L43443334333+3443444333+34
GET    /app/issues/{rating}/rate/                               L4+443334333334434443+3334
POST   /app/issues/{rating}/rate/                               L4+443334333334434443+3334
GET    /app/issues/{closed}/reopen/                             L4+4433343333+4434443++334
POST   /app/issues/{closed}/reopen/                             L4+4433343333+4434443++334
GET    /app/issues/{complaint}/feed_back/                       L4344444+33343343444434444
POST   /app/issues/{complaint}/feed_back/                       L4344444+33343343444434444
GET    /app/issues/{desk}/verify/                               L4344344433339443444339344
POST   /app/issues/{desk}/verify/                               L434434443333+44344433+344
GET    /app/issues/{rating}/lapse/                              L4444444444444444444444444
POST   /app/issues/{rating}/lapse/                              L4444444444444444444444444
"""
