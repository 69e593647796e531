"""
The video identification provider: IDnow's HTTP API, its pages for people and agents, and a real call between them.

Person and agent see each other over WebRTC; offers, answers and candidates go through our WebSocket. Documents and faces
are looked at by the agent, as at the provider: nothing here decides by itself, except that it refuses what the check list
forbids. Names, pictures and document data are encrypted in the state file and gone once the customer deletes the attempt.
"""
