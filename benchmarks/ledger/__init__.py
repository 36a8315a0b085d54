"""Fill a plain Odoo 19 database with an exporter's receivables ledger.

The data belong to ``account`` and ``sale`` alone and are written with plain SQL: an
add-on installed afterwards sees a database with history, as at a customer's.

What there is
-------------
* Customers, all companies, in 59 countries, weighted towards the usual export
  markets.  One in five has a separate invoice address (a child contact), one in
  twenty no e-mail.  Terms of 30 to 120 days by country; invoiced in EUR, GBP or USD
  at constant rates, so that payments leave no exchange difference.
* Turnover is skewed: the customer of rank r has a share of about 1/sqrt(r).
* Confirmed orders of 3 to 7 lines from the last 90 days, none invoiced in full; 35 %
  of them have a posted invoice for half of every line, linked line by line.
* Posted invoices: 70 % paid over three years, 20 % open and not yet due, 10 % open
  and overdue by 1 to 180 days.  One in ten of the open ones is partly paid.  No taxes:
  exports are zero rated.
* A bank entry for each payment, reconciled with its invoice.
* One customer in fifty has paid something on account, matched with nothing.

What there is not: messages, followers, attachments, credit notes, deliveries,
payments as ``account.payment``, bank statements, a second company.

Every random draw is a hash of (seed, purpose, row number), so that the same seed, day
and size give the same ledger whatever plans PostgreSQL picks.
"""
