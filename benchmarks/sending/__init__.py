"""Sending as it is in life: processes that are killed, that compete, that are stopped.

Real processes of Odoo work on a real database and hand their mails to a real mail
server on the loopback. Each trial has buyers of its own, in several languages; a trial
freezes a process at a chosen point (by a lock on a table, or in the middle of its talk
with the mail server), does something to it or beside it, and lets others go on. In the
end every buyer must have got exactly one right letter.
"""
