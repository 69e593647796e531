"""
The simulated car and its head unit.

One process is one car: it keeps its condition on disk, talks to the platform over MQTT as a real car would, judges
every command itself before it obeys, and serves its head unit and its switches as a page on port 8100. It knows the
wire and the pack; it knows nothing of the platform, and the platform can only reach it by the wire.

``python -m vettura_car --vin … --port … --data-dir … --mqtt … --pack …`` starts a car,
``python -m vettura_car menu GENERATION --pack …`` prints a menu tree, ``vettura_car.fleet`` runs many light cars.
"""

SOFTWARE = "1.0"
"""The version that a car names in its hello."""
