"""
Money: saved cards, payments, refunds, invoices and credit notes.

A payment is requested by an order, authorized at the provider, captured, and perhaps released or refunded; each wish is
recorded first and carried out outside the transaction with the row's id as key, so it may be repeated. An invoice gets its
number from a series per seller country and year when it is published; the series has no gaps. Promises: card numbers never
reach us; nothing is charged twice; what a crash left open is asked of the provider again.
"""
