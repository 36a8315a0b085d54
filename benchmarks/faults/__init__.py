"""Faults: processes and PostgreSQL killed, mail servers and disks that fail.

``make faults``; see :mod:`.__main__`. Everything is real: Odoo's processes, PostgreSQL,
a mail server on the loopback. What is looked for is the same each time: nothing is half
done, nothing is done twice, and after the fault ordinary jobs and buttons finish it.
"""
