"""What needs no sign-in, and the sign-in itself, as everybody; the rest as a few.

One line per method and address, one letter per column under ``HEAD``; who is meant by a sign stands in
``people.PEOPLE``. ``+`` may; ``3`` 403; ``4`` 404; ``1`` 401; ``5`` 405; ``L`` led to the sign-in; ``>`` led elsewhere,
or after a POST done and led on; ``9`` may, but not now. In {}: things of the world (``stories``).
"""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpb
# For everybody; staff write on their own form. An issue is shown to who gave its code or is its signed-in submitter;
# all others are led to where the code is asked for, and may do nothing. A code that does not hold is not there.
GET    /                                                        ++++++++++++++++++++++++++
GET    /submit/                                                 +++++>>>>>>>>>>>>>>>>>>>>+
POST   /submit/                                                 +++++>>>>>>>>>>>>>>>>>>>>+
GET    /submit/done/                                            >>>>>>>>>>>>>>>>>>>>>>>>>>
GET    /track/                                                  ++++++++++++++++++++++++++
POST   /track/                                                  ++++++++++++++++++++++++++
GET    /track/{own}/                                            >>+>>>>>>>>>>>>>>>>>>+>>>>
POST   /track/{own}/close/                                      >>>>>>>>>>>>>>>>>>>>>>>>>>
GET    /track/{own}/files/{file_sent_own}/x                     44+444444444444444444+4444
GET    /track/{own}/files/{file_work_own}/x                     44444444444444444444444444
GET    /track/{own}/withdraw/                                   >>+>>>>>>>>>>>>>>>>>>3>>>>
POST   /track/{own}/withdraw/                                   33+33333333333333333333333
GET    /rate/{rating}/abc/                                      44444444444444444444444444
POST   /rate/{rating}/abc/                                      44444444444444444444444444
"""
SHORT_HEAD = "-neoC1b"
SHORT = """
#                                                               -neoC1b
# For machines. The figures are there for internal addresses alone, as which the test client calls (tests/config).
GET    /healthz                                                 +++++++
GET    /readyz                                                  +++++++
GET    /metrics                                                 +++++++
# For everybody; the style guide only outside production.
GET    /language/                                               >>>>>>>
POST   /language/                                               >>>>>>>
POST   /large-text/                                             >>>>>>>
GET    /styleguide/                                             +++++++
GET    /styleguide/public/                                      +++++++
# Sign-in, by allauth: no more of it than this.
GET    /accounts/login/                                         +>>>>>>
POST   /accounts/login/                                         +>>>>>>
GET    /accounts/logout/                                        >++++++
POST   /accounts/logout/                                        >>>>>>>
GET    /accounts/inactive/                                      +++++++
GET    /accounts/password/change/                               L++++++
POST   /accounts/password/change/                               L++++++
"""
