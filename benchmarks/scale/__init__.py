"""Beyond one process: several workers of Odoo, and a read replica of PostgreSQL."""
