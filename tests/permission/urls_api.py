"""The interface for programs, as everybody, and with three keys.

One line per method and address, one letter per column under ``HEAD``; who is meant by a sign stands in
``people.PEOPLE``. ``+`` may; ``3`` 403; ``4`` 404; ``1`` 401; ``5`` 405; ``L`` led to the sign-in; ``>`` led elsewhere,
or after a POST done and led on; ``9`` may, but not now. In {}: things of the world (``stories``).

Keys: R a coordinator's that may only read, X one that was taken back, Y the system administrator's. What a POST lacks
in data or state is told after the right: 400 and 409 are ``+``. Without a right 403, without a sight of the row 404.
"""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpbRXY"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpbRXY
GET    /api/v1/me/                                              1++++++++++++++++++++++++++1+
GET    /api/v1/units/                                           1++++++++++++++++++++++++++1+
POST   /api/v1/units/                                           13333333333333333+3333333331+
GET    /api/v1/units/SWJ/                                       14444++++++++++++++++++++4+1+
PATCH  /api/v1/units/SWJ/                                       14444333333333333+3333333431+
GET    /api/v1/users/                                           1++++++++++++++++++++++++++1+
POST   /api/v1/users/                                           133333333333333333+3333333313
GET    /api/v1/tokens/                                          1++++++++++++++++++++++++++1+
POST   /api/v1/tokens/                                          1+++++++++++++++++++++++++31+
DELETE /api/v1/tokens/{token}/                                  144444+44444444444+4444444314
GET    /api/v1/documents/                                       1++++++++++++++++++++++++++1+
GET    /api/v1/documents/paper_unit/                            144444++444+++44+444+4+++4+14
GET    /api/v1/verify/{code}/                                   +++++++++++++++++++++++++++1+
GET    /api/v1/issues/                                          1++++++++++++++++++++++++++1+
POST   /api/v1/issues/                                          +3++++++++++++333333+++++3313
GET    /api/v1/issues/{own}/                                    14+44+++4+++++44+444+++++4+14
GET    /api/v1/issues/{foreign}/                                144+4444+44+++44+444+4++44+14
GET    /api/v1/issues/{commercial}/                             14+44+++4+++++44+444+++++4+14
GET    /api/v1/issues/{anonymous}/                              144444++4+++++44+444+++++4+14
GET    /api/v1/issues/{observed}/                               1444+4++4+++++44+444+4+++4+14
GET    /api/v1/issues/{complaint}/                              14+44444++++4++4+4444+4444414
GET    /api/v1/issues/{fresh}/                                  14444444444+++44+444+4++44+14
GET    /api/v1/issues/{own}/events/                             14+44+++4+++++44+444+++++4+14
GET    /api/v1/issues/{complaint}/events/                       14+44444++++4++4+4444+4444414
GET    /api/v1/issues/{own}/clocks/                             14+44+++4+++++44+444+++++4+14
GET    /api/v1/issues/{complaint}/clocks/                       14+44444++++4++4+4444+4444414
GET    /api/v1/issues/{own}/attachments/                        14+44+++4+++++44+444+++++4+14
GET    /api/v1/issues/{complaint}/attachments/                  14+44444++++4++4+4444+4444414
POST   /api/v1/issues/{own}/attachments/                        14+44+++4++3++443444+++++4314
POST   /api/v1/issues/{complaint}/attachments/                  14+44444+++34+3434444+4444314
GET    /api/v1/decisions/                                       1++++++++++++++++++++++++++1+
POST   /api/v1/decisions/                                       143443334++333443444333334314
POST   /api/v1/decisions/{decision_own}/feedback/               144443++433333443444+3+3+4314
POST   /api/v1/decisions/{decision_commercial}/feedback/        144443++433333443444+3+3+4314
GET    /api/v1/assessments/monthly/{month}/                     144444+++44+++44+444+++++4+14
GET    /api/v1/assessments/monthly/{old}/                       14444++++++++++++++++++++4+1+
GET    /api/v1/assessments/monthly/{month}/SWJ/cases/           144444++444+++44+444+4+++4+14
GET    /api/v1/rates/                                           1++++++++++++++++++++++++++1+
GET    /api/v1/nowhere/                                         44444444444444444444444444444
GET    /api/schema/                                             +++++++++++++++++++++++++++1+
GET    /api/docs/                                               +++++++++++++++++++++++++++1+
GET    /api/v1/issues/{own}/contact/                            14+44+++4+++++44+444+++++4+14
GET    /api/v1/issues/{complaint}/contact/                      14+44444++++4++4+4444+4444414
GET    /api/v1/issues/{commercial}/contact/                     14+443++4+++++44+444+3+++4+14
GET    /api/v1/issues/{anonymous}/contact/                      144444334+++++44+444+3++34+14
# Actions, each on an issue in whose state it may be done.
POST   /api/v1/issues/{refused}/actions/return/                 143443334333+3443444+33+34314
POST   /api/v1/issues/{refused}/actions/decline/                143443334333+3443444+33+34314
POST   /api/v1/issues/{refused}/actions/merge/                  143443334333+3443444+33+34314
POST   /api/v1/issues/{refused}/actions/assign/                 143443334333+3443444+33+34314
POST   /api/v1/issues/{returned}/actions/supplement/            14+443444443334434443+3344314
POST   /api/v1/issues/{assigned}/actions/refuse/                143443++433333443444+++3+4314
POST   /api/v1/issues/{assigned}/actions/sign/                  143443++433333443444+3+3+4314
POST   /api/v1/issues/{assigned}/actions/withdraw/              14+44333433333443444333334314
POST   /api/v1/issues/{own}/actions/reassign/                   143443334333+3443444+33+34314
POST   /api/v1/issues/{own}/actions/feed_back/                  14344+++433333443444+++3+4314
POST   /api/v1/issues/{own}/actions/release/                    143443334333+3443444+33+34314
POST   /api/v1/issues/{own}/actions/extend/                     143443++433333443444+3+3+4314
POST   /api/v1/issues/{own}/actions/suspend/                    143443++433333443444+3+3+4314
POST   /api/v1/issues/{own}/actions/escalate/                   143443++4+3333443444+3+3+4314
POST   /api/v1/issues/{coordinating}/actions/propose/           143443++433333443444+3+3+4314
POST   /api/v1/issues/{coordinating}/actions/decide/            143443334++333443444333334314
POST   /api/v1/issues/{asked}/actions/grant/                    143443334333+3443444333+34314
POST   /api/v1/issues/{asked}/actions/deny/                     143443334333+3443444333+34314
POST   /api/v1/issues/{suspended}/actions/resume/               143443++4333+3443444+3+++4314
POST   /api/v1/issues/{proposed}/actions/send_back/             143443334333+3443444333+34314
POST   /api/v1/issues/{proposed}/actions/verify/                143443334333+3443444333+34314
POST   /api/v1/issues/{rating}/actions/rate/                    14+443334333334434443+3334314
POST   /api/v1/issues/{disputed}/actions/uphold/                143443334333+3443444+33+34314
POST   /api/v1/issues/{disputed}/actions/close_over/            143443334333+3443444+33+34314
POST   /api/v1/issues/{closed}/actions/reopen/                  14+4433343333+4434443++334314
POST   /api/v1/issues/{rating}/actions/lapse/                   14444444444444444444444444314
POST   /api/v1/issues/{own}/actions/submit/                     14444444444444444444444444314
POST   /api/v1/issues/{foreign}/actions/feed_back/              14434444+44333443444343344314
POST   /api/v1/issues/{complaint}/actions/feed_back/            14344444+33343343444434444314
POST   /api/v1/issues/{complaint}/actions/reassign/             1434444433334+343444434444314
POST   /api/v1/issues/{desk}/actions/verify/                    1434434443333+44344433+344314
POST   /api/v1/issues/{desk}/actions/grant/                     1434434443333+44344433+344314
"""
