"""The real mailbox; in the demo it speaks to our sandbox."""
