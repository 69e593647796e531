"""The link process: lets cars in, reads what they send, and answers."""

from vettura.vehicle_link.process.door import end_connections
from vettura.vehicle_link.process.link import run

__all__ = ["end_connections", "run"]
