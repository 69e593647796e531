"""
How the platform and its cars speak, and what the platform knows of them.

The *twin* holds the newest value of each *signal* with the moment it was measured; a *document* is a named, versioned fact
that a car should hold (users, contracts, clock …); a *remote command* is a signed order to one car with a status that only
moves forward. Cars come in over MQTT with a client certificate; a car speaks and hears under its own VIN only.

Promises: an acknowledged message is not lost; a repeated one changes nothing; a command is kept before it is sent, is
carried out at most once and never after it expired; a message nobody can read is parked where people see it and holds
up nobody. Expiry is measured in real time, everything a person sees in world time.
"""
