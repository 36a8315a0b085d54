"""The wheel: the add-on and its bridge below `odoo.addons`, and nothing else.

Odoo is no requirement here: PyPI has no distribution of that name, so that pip could
not install the wheel where Odoo runs from a checkout or a package.
"""

import ast
from pathlib import Path

from setuptools import find_packages, setup

ADDON = "export_credit_insurance"
ADDONS = (ADDON, "export_credit_insurance_stock")

top = Path(__file__).parent
manifest = ast.literal_eval((top / ADDON / "__manifest__.py").read_text())
folders = {f"odoo.addons.{addon}": addon for addon in ADDONS}

setup(
    name=f"odoo-addon-{ADDON.replace('_', '-')}",
    version=manifest["version"],
    description=manifest["summary"],
    long_description=(top / "README.md").read_text(),
    long_description_content_type="text/markdown",
    author=manifest["author"],
    license="LGPL-3.0-only",
    license_files=["LICENSE", "COPYING"],
    classifiers=[
        "Framework :: Odoo :: 19.0",
        "Programming Language :: Python :: 3",
    ],
    python_requires=">=3.10",
    package_dir=folders,
    packages=[
        package
        for name, folder in folders.items()
        for package in (name, *(f"{name}.{part}" for part in find_packages(folder)))
    ],
    package_data={name: ["**/*"] for name in folders},
    zip_safe=False,
)
