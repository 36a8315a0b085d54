"""Development commands for these add-ons: python3 -m dev COMMAND [OPTION...]

Needs Python 3.10 to 3.13; everything else is fetched into .dev/ of the checkout, and
the machine is left as it was. From make: `make COMMAND ARGS="OPTION..."`.
"""

import os
import signal
import sys

# Or every start compiles all of Odoo again; and nothing of the user's gets in between.
for variable in ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH"):
    os.environ.pop(variable, None)

ENVIRONMENT = """\
Environment:
  ODOO_HOME   an Odoo 19 checkout (or unpacked package) to use instead of fetching one
  PGHOST      a PostgreSQL server to use instead of a private one
              (with PGPORT, PGUSER, PGPASSWORD as usual)
  PG_BINDIR   where initdb and pg_ctl are, for the private server
  DEV_DIR     another folder instead of .dev/
  DEV_STRICT  1: nothing optional may be missing, no test is skipped (CI=true, too)"""


def usage(commands):
    width = max(map(len, commands))
    lines = [
        f"  {name:{width}}  {function.__doc__.splitlines()[0]}"
        for name, function in commands.items()
    ]
    return "\n".join([__doc__, "Commands:", *lines, "", ENVIRONMENT])


def main(arguments):
    try:
        from .commands import COMMANDS
    except ImportError as missing:
        sys.exit(f"dev: this Python lacks a part of its own library: {missing}")
    name, *options = arguments or ["help"]
    if name in ("help", "-h", "--help"):
        print(usage(COMMANDS))
        return
    if name not in COMMANDS:
        sys.exit(f"dev: no command '{name}' (python3 -m dev help lists them)")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        COMMANDS[name](options)
    except KeyboardInterrupt:
        sys.exit(130)
    except PermissionError as refused:
        sys.exit(
            f"dev: {refused.filename} belongs to another user:"
            " remove it as that user (make clean), or set DEV_DIR"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
