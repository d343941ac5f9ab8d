"""The yearly list of major projects as a workbook: read, compared, taken over, taken back.

``sheet`` runs in the sandbox and therefore without Django: keep this file empty.
"""
