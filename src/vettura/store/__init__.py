"""
The store: what a vehicle can have in a country, carts, orders, renewal and withdrawal.

A cart holds offers for one vehicle and survives sign-in. Placing an order is done once per cart, whoever presses twice; the
order is `waiting` until its money is taken, then `paid`: contracts start, confirmation and contract terms go out, the invoice
follows. Promises: only the main user buys; what is shown in the overview is what is ordered; a withdrawn order is refunded.
"""
