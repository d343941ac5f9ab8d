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
"""
