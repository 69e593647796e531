"""Outside parties as small local servers that speak their protocols: card provider, mail and SMS outbox. They know nothing of us."""
