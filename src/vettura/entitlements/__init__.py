"""
Contracts: which vehicle may use which service, and until when.

A contract belongs to one vehicle for good (it stays with the VIN when the car is sold) and covers one service from
`starts_at` up to `ends_at` (exclusive; none means without end). An inclusive contract is the free first term, counted from
the acceptance of the terms; a paid contract comes from an order line and follows without a gap. Promises: two contracts of
one service never overlap; the car is told of every change in the same transaction, in its document `contracts`.
"""
