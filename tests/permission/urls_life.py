"""The life of a project, as everybody (signs as in ``urls_staff``). Who may meet a project is a matter of rows; the
cells of one project say so."""

from __future__ import annotations

HEAD = "-nefwsohxvlkCSDTA123qryjpb"
TABLE = """
#                                                               -nefwsohxvlkCSDTA123qryjpb
GET    /app/projects/                                           L3333+++++++++33+333+++++3
GET    /app/projects/{project_of_unit}/                         L3333444+44+++33+333+4++43
GET    /app/projects/{project_served}/                          L3333+44444+++33+333+4++43
GET    /app/projects/{project_line_named}/                      L33334444+++++33+333+4++43
"""
