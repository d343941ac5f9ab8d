"""The pages of the staff around the issues, as everybody.

One line per method and address, one letter per column under ``HEAD``; who is meant by a sign stands in
``people.PEOPLE``. ``+`` may; ``3`` 403; ``4`` 404; ``1`` 401; ``5`` 405; ``L`` led to the sign-in; ``>`` led elsewhere,
or after a POST done and led on; ``9`` may, but not now. In {}: things of the world (``stories``).
"""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpb
# Notices are for staff. Whose they are is asked of the row.
GET    /app/messages/                                           L3>>>++++++++++++++++++++3
POST   /app/messages/read/                                      L3333++++++++++++++++++++3
POST   /app/messages/read-all/                                  L3333++++++++++++++++++++3
GET    /app/messages/settings/                                  L3>>>++++++++++++++++++++3
POST   /app/messages/settings/                                  L3333++++++++++++++++++++3
# Units and people: known to staff, kept by one administrator each; accounts of enterprises are known to few.
GET    /app/units/                                              L3>>>++++++++++++++++++++3
GET    /app/units/-/new/                                        L3>>>333333333333+33333333
POST   /app/units/-/new/                                        L3333333333333333+33333333
GET    /app/units/SWJ/                                          L3>>>++++++++++++++++++++3
GET    /app/units/SWJ/change/                                   L3>>>333333333333+33333333
POST   /app/units/SWJ/change/                                   L3333333333333333+33333333
GET    /app/units/SWJ/close/                                    L3>>>333333333333+33333333
POST   /app/units/SWJ/close/                                    L3333333333333333+33333333
GET    /app/units/-/district/                                   L3>>>333333333333+33333333
POST   /app/units/-/district/                                   L3333333333333333+33333333
GET    /app/people/                                             L3>>>++++++++++++++++++++3
GET    /app/people/-/new/                                       L3>>>3333333333333+3333333
POST   /app/people/-/new/                                       L33333333333333333+3333333
GET    /app/people/unit_officer/                                L3>>>++++++++++++++++++++3
GET    /app/people/enterprise/                                  L3>>>4444444+444+4+++44+43
GET    /app/people/unit_officer/change/                         L3>>>3333333333333+3333333
POST   /app/people/unit_officer/change/                         L33333333333333333+3333333
GET    /app/people/unit_officer/password/                       L3>>>3333333333333+3333333
POST   /app/people/unit_officer/password/                       L33333333333333333+3333333
GET    /app/people/unit_officer/lock/                           L3>>>3333333333333+3333333
POST   /app/people/unit_officer/lock/                           L33333333333333333+3333333
GET    /app/people/unit_officer/unlock/                         L3>>>3333333333333+3333333
POST   /app/people/unit_officer/unlock/                         L33333333333333333+3333333
POST   /app/people/unit_officer/lift-lockout/                   L33333333333333333+3333333
GET    /app/people/unit_officer/new-post/                       L3>>>3333333333333+3333333
POST   /app/people/unit_officer/new-post/                       L33333333333333333+3333333
GET    /app/people/-/posts/{post}/end/                          L3>>>3333333333333+3333333
POST   /app/people/-/posts/{post}/end/                          L33333333333333333+3333333
GET    /app/people/-/posts/{post}/hand-over/                    L3>>>3333333333333+3333333
POST   /app/people/-/posts/{post}/hand-over/                    L33333333333333333+3333333
GET    /app/audit/                                              L333333333333333+33+333333
GET    /app/profile/                                            L+++++++++++++++++++++++++
GET    /app/profile/contact/                                    L+++++++++++++++++++++++++
POST   /app/profile/contact/                                    L+++++++++++++++++++++++++
GET    /app/profile/new-key/                                    L+++++++++++++++++++++++++
POST   /app/profile/new-key/                                    L+++++++++++++++++++++++++
POST   /app/profile/keys/{token}/revoke/                        L44444>44444444444>4444444
POST   /app/profile/post/                                       L>>>>>>>>>>>>>>>>>>>>>>>>>
# Lines and enterprises. Who may meet an enterprise is a matter of rows; contacts are shown when asked for.
GET    /app/lines/                                              L3>>>++++++++++++++++++++3
GET    /app/lines/new/                                          L3>>>3333333+3333333+33+33
POST   /app/lines/new/                                          L33333333333+3333333+33+33
GET    /app/lines/{line}/change/                                L3>>>3333333+3333333+33+33
POST   /app/lines/{line}/change/                                L33333333333+3333333+33+33
GET    /app/lines/{line}/close/                                 L3>>>3333333+3333333+33+33
POST   /app/lines/{line}/close/                                 L33333333333+3333333+33+33
GET    /app/enterprises/                                        L3333+++++++++33+333+++++3
GET    /app/enterprises/new/                                    L33333333333+3333333+33+33
POST   /app/enterprises/new/                                    L33333333333+3333333+33+33
GET    /app/enterprises/{firm}/                                 L3333+++++++++33+333+++++3
GET    /app/enterprises/{firm_g}/                               L3333+444+++++33+333+4++43
GET    /app/enterprises/{firm_g}/?show=contact                  L3333+444+++++33+333+4++43
GET    /app/enterprises/{firm}/change/                          L33333333333+3333333+33+33
POST   /app/enterprises/{firm}/change/                          L33333333333+3333333+33+33
GET    /app/enterprises/{firm}/merge/                           L33333333333+3333333+33+33
POST   /app/enterprises/{firm}/merge/                           L33333333333+3333333+33+33
GET    /app/enterprises/{firm}/log/new/                         L3333++++++3+3333333+++++3
POST   /app/enterprises/{firm}/log/new/                         L3333++++++3+3333333+++++3
GET    /app/enterprises/{firm}/invite/                          L3333+333333+3333333+33++3
POST   /app/enterprises/{firm}/invite/                          L3333+333333+3333333+33++3
GET    /app/invitations/                                        L3333+333333+33333+3+33++3
POST   /app/invitations/{invitation}/confirm/                   L33333333333+33333+3+33+43
POST   /app/invitations/{invitation}/withdraw/                  L3333>333333>3333333>33>43
# Calendar and limits. A proposed calendar is the system administrator's; applying one is never a GET.
GET    /app/calendar/                                           L3>>>++++++++++++++++++++3
GET    /app/calendar/new/                                       L3>>>333333333333+33333333
POST   /app/calendar/new/                                       L3333333333333333+33333333
GET    /app/calendar/{calendar}/                                L3>>>333333333333>33333333
GET    /app/calendar/{calendar}/apply/                          L3>>>555555555555555555553
POST   /app/calendar/{calendar}/apply/                          L3333333333333333+33333333
GET    /app/calendar/limits/                                    L3>>>++++++++++++++++++++3
GET    /app/calendar/limits/feedback/-/                         L3>>>333333333333+33333333
POST   /app/calendar/limits/feedback/-/                         L3333333333333333+33333333
# The month: SWJ's row of a draft, its contest and card; a published month is there for everybody.
GET    /rankings/                                               ++++++++++++++++++++++++++
GET    /rankings/{old}/                                         ++++++++++++++++++++++++++
GET    /rankings/{month}/                                       44444444444444444444444444
GET    /app/assessments/                                        L3>>>++++++++++++++++++++3
POST   /app/assessments/cases/{case}/contest/                   L33334++444333443444+4+3+3
GET    /app/assessments/cases/{case}/contest/                   L3>>>4++444333443444+4+3+3
GET    /app/assessments/contests/{contest}/                     L3>>>4334443++443444343+33
POST   /app/assessments/contests/{contest}/                     L33334334443++443444343+33
GET    /app/assessments/cards/{card}/repair/                    L3>>>4333443++443444333+33
POST   /app/assessments/cards/{card}/repair/                    L33334333443++443444333+33
GET    /app/assessments/{month}/                                L3>>>4+++44+++44+444+++++3
GET    /app/assessments/{old}/                                  L3>>>++++++++++++++++++++3
GET    /app/assessments/{rehearsed}/rehearsal/                  L3>>>4+++44+++44+444+++++3
GET    /app/assessments/{month}/assess/                         L3>>>3333333+3333333+33+33
POST   /app/assessments/{month}/assess/                         L33333333333>3333333>33>33
GET    /app/assessments/{month}/propose/                        L3>>>4333443+3443444+33+33
POST   /app/assessments/{month}/propose/                        L33334333443+3443444+33+33
GET    /app/assessments/{month}/publish/                        L3>>>4333443++44344433++33
POST   /app/assessments/{month}/publish/                        L33334333443++44344433++33
GET    /app/assessments/{month}/retract/                        L3>>>4333443++443444+3++33
POST   /app/assessments/{month}/retract/                        L33334333443++443444+3++33
GET    /app/assessments/{old}/correct/                          L3>>>3333333+3333333+33+33
POST   /app/assessments/{old}/correct/                          L33333333333+3333333+33+33
GET    /app/assessments/{month}/SWJ/departments/                L3>>>4++444+++44+444+4+++3
GET    /app/assessments/{month}/SWJ/departments/cases/          L3>>>4++444+++44+444+4+++3
GET    /app/assessments/{month}/SWJ/departments/cases.csv       L3>>>4++444+++44+444+4+++3
GET    /app/assessments/{old}/SWJ/departments/cases/            L3>>>++++++++++++++++++++3
# Papers: one for all staff, one for SWJ. Whoever holds a post in SWJ takes none of its papers back.
GET    /app/documents/                                          L3>>>++++++++++++++++++++3
GET    /app/documents/{paper_all}/                              L3>>>++++++++++++444+++++3
GET    /app/documents/{paper_unit}/                             L3>>>4++444+++44+444+4+++3
GET    /app/documents/{paper_unit}/download/                    L3>>>4++444+++44+444+4+++3
GET    /app/documents/{paper_unit}/official-number/             L3>>>4334443++443444343+33
POST   /app/documents/{paper_unit}/official-number/             L33334334443++443444343+33
GET    /app/documents/{paper_unit}/withdraw/                    L3>>>4334443++443444343+33
POST   /app/documents/{paper_unit}/withdraw/                    L33334334443++443444343+33
GET    /v/                                                      ++++++++++++++++++++++++++
POST   /v/                                                      ++++++++++++++++++++++++++
GET    /v/{code}/                                               ++++++++++++++++++++++++++
POST   /v/{code}/                                               ++++++++++++++++++++++++++
"""
