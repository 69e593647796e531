"""
Assistance: what people ask for, as cases, and the mailbox through which much of it comes.

A `Case` has a number that the person is told, a kind, a day by which it is due, somebody who works on it, and a timeline
of entries that are only ever added. Mails to the addresses of the countries become cases, each once, whoever claims to
have sent them: a case says how sure the sender is. Withdrawals of consent are carried out from the case (DAT-011).

Promises: only Assistance sees cases; nothing is carried out for an account before a member of staff says so; a mail that
was taken in is never lost and never taken in twice.
"""
