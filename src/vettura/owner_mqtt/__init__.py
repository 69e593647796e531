"""
MQTT for owners: Home Assistant, and whatever else speaks MQTT 3.1.1, reads a person's own cars and sends commands to them.

A shell, as `compat` is: it translates packets and topics into actions and queries of ours and decides nothing. It is no broker: nobody
publishes to anybody here. Each connection has topics of its own, made of what the person may see now, so there is nothing that one
owner could find of another (see decision 0023). Topics and payloads are described in docs/guides/home-assistant.md.
"""
