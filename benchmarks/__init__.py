"""What the add-on costs, measured against plain Odoo and hand-written SQL.

``python -m benchmarks`` makes its own databases from nothing:

* ``bench_plain_base``: Odoo with ``sale`` and ``account``, a chart of accounts, no
  demo data;
* ``bench_<size>_plain``: the same, filled with a generated exporter's ledger
  (:mod:`benchmarks.ledger`), neutral to any add-on;
* ``bench_<size>_off``: a copy with the add-on installed, and nothing set up;
* ``bench_<size>_insured``: a copy of that with a policy and limits
  (:mod:`benchmarks.insurance`);
* ``bench_<size>_followup``: a copy of ``…_off`` with all open items overdue, in eight
  languages (:mod:`benchmarks.overdue`);
* ``bench_<size>_rated``: a copy of ``…_off`` whose buyers, countries and sectors are
  rated by several sources, in several editions (:mod:`benchmarks.ratings`);
* ``bench_<size>_stock``, ``…_stock_off``, ``…_stock_insured``: the like with the
  inventory, if deliveries are measured.

Then it runs every case once on each of them in turn, again and again, always rolled
back (:mod:`benchmarks.harness`), and reports the medians as ratios
(:mod:`benchmarks.report`).  Ratios of one run on one machine are what is promised;
milliseconds are shown for information only.

Whole runs of follow-up, committed as in life, are worked off by
:mod:`benchmarks.runs` instead: ``make bench ARGS="--runs 2000 20000 50000"``.
A long file of buyers' scores is imported by :mod:`benchmarks.imports`:
``make bench ARGS="--import 100000"``; a long file of an insurer's decisions by
:mod:`benchmarks.limit_imports`: ``make bench ARGS="--import-limits 50000"``.
"""
