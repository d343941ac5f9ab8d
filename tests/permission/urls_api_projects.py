"""The interface for enterprises, lines, chains and projects, as everybody (signs as in ``urls_api``)."""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpbRXY"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpbRXY
GET    /api/v1/enterprises/                                     1++++++++++++++++++++++++++1+
POST   /api/v1/enterprises/                                     133333333333+3333333+33+33313
GET    /api/v1/enterprises/91500000MA5U7XX02B/                  144+4444+44+++44+444+4++44+14
PATCH  /api/v1/enterprises/91500000MA5U7XX02B/                  144344443443+3443444+43+44314
GET    /api/v1/lines/                                           1++++++++++++++++++++++++++1+
POST   /api/v1/lines/                                           133333333333+3333333+33+33313
GET    /api/v1/lines/{line}/                                    14444++++++++++++++++++++4+1+
PATCH  /api/v1/lines/{line}/                                    144443333333+3333333+33+34313
GET    /api/v1/chains/                                          1++++++++++++++++++++++++++1+
POST   /api/v1/chains/                                          133333333333+3333333+33+33313
GET    /api/v1/chains/{chain}/                                  14444++++++++++++++++++++4+1+
PATCH  /api/v1/chains/{chain}/                                  144443333333+3333333+33+34313
GET    /api/v1/projects/                                        1++++++++++++++++++++++++++1+
POST   /api/v1/projects/                                        133333333333+3333333+33+33313
GET    /api/v1/projects/managed/                                14444444444+++44+444+4++44+14
GET    /api/v1/projects/of_unit/                                14444444+44+++44+444+4++44+14
GET    /api/v1/projects/of_firm/                                144+4444444+++44+444+4++44+14
GET    /api/v1/projects/line_town/                              144444444+++++44+444+4++44+14
GET    /api/v1/projects/served/                                 14444+44444+++44+444+4++44+14
PATCH  /api/v1/projects/of_unit/                                14444444+443+3443444+43+44314
PATCH  /api/v1/projects/of_firm/                                144344444443+3443444+43+44314
POST   /api/v1/projects/of_unit/stage/                          14444444+443+3443444+43+44314
POST   /api/v1/projects/of_firm/stage/                          144344444443+3443444+43+44314
GET    /api/v1/projects/of_unit/managers/                       14444444+44+++44+444+4++44+14
POST   /api/v1/projects/of_unit/managers/                       144444443443+3443444+43+44314
GET    /api/v1/projects/of_firm/managers/                       144+4444444+++44+444+4++44+14
POST   /api/v1/projects/of_firm/managers/                       144344444443+3443444+43+44314
GET    /api/v1/projects/of_unit/team/                           14444444+44+++44+444+4++44+14
POST   /api/v1/projects/of_unit/team/                           144444443443+3443444+43+44314
GET    /api/v1/projects/of_firm/team/                           144+4444444+++44+444+4++44+14
POST   /api/v1/projects/of_firm/team/                           144344444443+3443444+43+44314
GET    /api/v1/projects/of_unit/plan/                           14444444+44+++44+444+4++44+14
POST   /api/v1/projects/of_unit/plan/                           144444443443+3443444+43+44314
GET    /api/v1/projects/of_firm/plan/                           144+4444444+++44+444+4++44+14
POST   /api/v1/projects/of_firm/plan/                           144344444443+3443444+43+44314
GET    /api/v1/projects/of_unit/investment/                     14444444+44+++44+444+4++44+14
POST   /api/v1/projects/of_unit/investment/                     14444444+443+3443444+43+44314
GET    /api/v1/projects/of_firm/investment/                     144+4444444+++44+444+4++44+14
POST   /api/v1/projects/of_firm/investment/                     144344444443+3443444+43+44314
GET    /api/v1/projects/of_unit/log/                            14444444+44+++44+444+4++44+14
POST   /api/v1/projects/of_unit/log/                            14444444+443+3443444+4++44314
GET    /api/v1/projects/of_firm/log/                            14434444444+++44+444+4++44+14
POST   /api/v1/projects/of_firm/log/                            144344444443+3443444+4++44314
GET    /api/v1/projects/of_unit/promises/                       14444444+44+++44+444+4++44+14
POST   /api/v1/projects/of_unit/promises/                       14444444+443+3443444+43+44314
GET    /api/v1/projects/of_firm/promises/                       144+4444444+++44+444+4++44+14
POST   /api/v1/projects/of_firm/promises/                       144344444443+3443444+43+44314
"""
