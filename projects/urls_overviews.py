"""Addresses of what looks at many projects or enterprises at once."""

from django.urls import path

from projects.views import chains, corner, wall

overviews = [
    path("corner/", corner.enterprise_corner, name="corner"),
    path("enterprises/ledger/", corner.enterprise_ledger, name="enterprise_ledger"),
    path("wall/", wall.wall, name="wall"),
    path("wall/sheet/", wall.wall_sheet, name="wall_sheet"),
    path("chains/", chains.chains, name="chains"),
    path("chains/new/", chains.create_chain, name="create_chain"),
    path("chains/<int:pk>/", chains.chain, name="chain"),
    path("chains/<int:pk>/change/", chains.change_chain, name="change_chain"),
    path("chains/<int:pk>/meeting/", chains.record_meeting, name="record_meeting"),
    path("chains/<int:pk>/target/", chains.add_target, name="add_target"),
]
