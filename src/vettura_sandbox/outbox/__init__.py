"""
Everything that was mailed or texted, for people to look at: an SMTP server and an SMS provider that deliver to a page.

Mails arrive by SMTP on the port of `VETTURA_SMTP_URL`; SMS by `POST /sms/2010-04-01/Accounts/{account}/Messages.json`.
The page `/outbox/` shows both, newest first. Nothing leaves this machine.
"""
