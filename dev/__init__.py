"""Fetching and running Odoo 19 for the development of these add-ons.

Start it as ``python3 -m dev COMMAND`` from the top of the checkout, or through make.
Only Python's own library is used here, except in the modules that say they run inside
the virtual environment (`devtools`, `shots`, `lifecycle_probe`, `world_map`).
Nothing of this ships in the wheel.

=================  ==========================================================
settings           where things are, what is pinned
console, files     saying and running things; hashes, locks, finished folders
apt                Debian packages without touching the machine
odoo_source        Odoo 19 itself
virtualenv         the locked Python packages
programs, browser  what Odoo looks for on PATH: wkhtmltopdf, Chromium
postgres           the server: the user's, the machine's or one from a wheel
recipes            which add-ons of ours a database holds, and what they need
database           templates, copies, what is installed where
environment        all of the above together, as the commands need it
lifecycle          install, update, use, uninstall, install again
odoo_tests         Odoo's own tests, without the add-on and with it
demo, testing, lint, texts, packaging, commands   the commands themselves
devtools, shots    screenshots in a real browser
world_map          the shapes of the countries, from Natural Earth
=================  ==========================================================
"""
