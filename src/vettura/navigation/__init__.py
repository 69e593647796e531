"""
Places to drive to: a person's destinations and points of interest for one car, from portal and app to the car and back.

An entry is a *destination* or a *POI* and belongs to account and car. The car gets what was *released* for it, and of what was
made in the app what its hotspot brings over. Both ends change entries; the last change of each counts (`vettura_wire.destinations`).

Promises: nothing reaches the car that was not released or brought over; nobody sees or changes somebody else's entries, the
main user neither; a deletion can be put back for a while; importing a file loses no line.
"""
