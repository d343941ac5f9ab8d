"""Lists of projects that come in, the wall, chains and the ledger of enterprises, as everybody (signs as in
``urls_staff``)."""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpb
# Lists are the desk's alone.
GET    /app/projects/-/import/                                  L33333333333+3333333+33+33
POST   /app/projects/-/import/                                  L33333333333+3333333+33+33
GET    /app/projects/-/import/template/                         L33333333333+3333333+33+33
GET    /app/projects/-/import/{list}/                           L33333333333+3333333+33+33
GET    /app/projects/-/import/{list}/mistakes/                  L33333333333+3333333+33+33
POST   /app/projects/-/import/{list}/apply/                     L33333333333>3333333>33>33
POST   /app/projects/-/import/{list}/undo/                      L33333333333+3333333+33+33
# The wall shows each reader their own projects.
# An enterprise has a corner of its own; towns keep the ledger of what they may meet.
GET    /app/corner/                                             L3++33333333333333333+3333
GET    /app/enterprises/ledger/                                 L3333+++++++++33+333+++++3
GET    /app/enterprises/ledger/?as=xlsx                         L3333+++++++++33+333+++++3
# Who leads which chain is known to staff; meetings are recorded by those who hold them.
GET    /app/chains/                                             L3>>>++++++++++++++++++++3
GET    /app/chains/new/                                         L3>>>3333333+3333333+33+33
POST   /app/chains/new/                                         L33333333333+3333333+33+33
GET    /app/chains/{chain}/                                     L3>>>++++++++++++++++++++3
GET    /app/chains/{chain}/change/                              L3>>>3333333+3333333+33+33
POST   /app/chains/{chain}/change/                              L33333333333+3333333+33+33
GET    /app/chains/{chain}/meeting/                             L3>>>3++3++3+3333333+3+++3
POST   /app/chains/{chain}/meeting/                             L33333++3++3+3333333+3+++3
GET    /app/chains/{chain}/target/                              L3>>>3++3++3+3333333+3+++3
POST   /app/chains/{chain}/target/                              L33333++3++3+3333333+3+++3
GET    /app/wall/                                               L3333+++++++++33+333+++++3
GET    /app/wall/sheet/                                         L3333+++++++++33+333+++++3
"""
