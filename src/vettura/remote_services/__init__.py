"""
Doing something to a car from afar: lock, unlock, honk, flash, climatize, charge, find it.

A *remote command* is asked for by a main or secondary user of the car, needs *remote access* (granted in the car by the
main user), a contract in force for the service that unlocks the command, and a car that is not in privacy mode. What
opens the car asks for a *step-up*: the PIN once more.

Promises: the first reason that stands against a command is named, always in the same order; a car merely out of reach
refuses nothing, the command waits and says so; the same command asked for twice is carried out once.
"""
