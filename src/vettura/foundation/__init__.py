"""
What every part of the business stands on, and knows no car.

Time (`clock`), ids, money, refusals (`errors`), announcements (`events`, `outbox`, `reactions`), messages from cars
(`uplink`), work that is due (`sweeps`), background jobs (`jobs`), doing things once (`idempotency`) and pages made of
parts (`panels`). Promises: an event is delivered at least once and in order per stream; a sweep does all that is due;
nothing here imports a context.
"""
