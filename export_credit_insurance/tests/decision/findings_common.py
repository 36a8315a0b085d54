from .common import DecisionCommon


class FindingsCommon(DecisionCommon):
    """What the checks find of an order of BETA, a buyer without a limit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.beta = cls.make_buyer("BETA")

    def order_of(self, amount, partner=None, **values):
        return self.make_quotation(amount, partner=partner or self.beta, **values)

    def assertFound(self, order, **severities):
        found = self.find(order)
        self.assertEqual(
            {code: finding.severity for code, finding in found.items()}, severities
        )
        return found
