import doctest

from odoo.tests import BaseCase

from ...models.ledger import payment_score
from ...models.reference import (
    credit_score,
    late_interest,
    local_weekend,
    terms_ceiling,
)

MODULES = (credit_score, late_interest, local_weekend, payment_score, terms_ceiling)


class TestReferenceDoctests(BaseCase):
    def test_examples_in_docstrings(self):
        for module in MODULES:
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)
