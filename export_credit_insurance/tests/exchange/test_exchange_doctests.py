import doctest

from odoo.tests import BaseCase

from ...models.exchange import provider_client, provider_mapping, request_file


class TestExchangeDoctests(BaseCase):
    def test_examples_in_docstrings(self):
        for module in (provider_client, provider_mapping, request_file):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted, module.__name__)
            self.assertFalse(result.failed, module.__name__)
