"""
A mailbox that people can write to and the platform reads: an IMAP server, and a page to send mails to it.

The server speaks what a reader of one folder needs of IMAP4rev1 (RFC 3501), on the port of `VETTURA_IMAP_URL`.
`POST /mailbox/api/mails` takes a whole mail as it is; the page `/mailbox/` writes one from a form.
"""
