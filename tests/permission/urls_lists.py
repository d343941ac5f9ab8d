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
GET    /app/wall/                                               L3333+++++++++33+333+++++3
GET    /app/wall/sheet/                                         L3333+++++++++33+333+++++3
"""
