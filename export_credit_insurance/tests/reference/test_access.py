from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user

MODELS = {
    # model: what user, controller and manager may do
    "credit.insurance.zone": ("r", "r", "rwcu"),
    "credit.insurance.rating.source": ("r", "r", "rwcu"),
    "credit.insurance.rating.grade": ("r", "r", "rwcu"),
    "credit.insurance.rating.edition": ("r", "rwc", "rwcu"),
    "credit.insurance.country.rating": ("r", "rwc", "rwcu"),
    "credit.insurance.country.event": ("r", "rwc", "rwcu"),
    "credit.insurance.band": ("r", "r", "rwcu"),
    "credit.insurance.buyer.rating": ("r", "rwc", "rwcu"),
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


class TestReferenceAccess(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "export_credit_insurance.group_credit_%s"
        cls.users = {
            name: new_test_user(cls.env, f"credit_{name}", groups=group % name)
            for name in ("user", "controller", "manager")
        }
        cls.salesman = new_test_user(
            cls.env, "seller", groups="sales_team.group_sale_salesman"
        )
        cls.portal = new_test_user(cls.env, "portal", groups="base.group_portal")

    def rights(self, model, user):
        records = self.env[model].with_user(user)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if records.has_access(operation)
        )

    def test_rights_of_each_group(self):
        for model, expected in MODELS.items():
            rights = tuple(self.rights(model, user) for user in self.users.values())
            self.assertEqual(rights, expected, model)
            self.assertEqual(self.rights(model, self.salesman), "", model)
            self.assertEqual(self.rights(model, self.portal), "", model)

    def test_fields_of_partners_and_countries_are_for_credit_users(self):
        partner = self.portal.partner_id
        country = self.env.ref("base.br")
        fields_by_record = {
            partner: (
                "credit_zone_id",
                "credit_zone_override_id",
                "credit_buyer_rating_ids",
                "country_risk_score",
                "buyer_credit_score",
                "credit_grid_score",
                "credit_band_id",
                "credit_score_detail",
            ),
            country: (
                "credit_zone_id",
                "credit_status",
                "credit_rating_ids",
                "credit_event_ids",
            ),
        }
        for record, names in fields_by_record.items():
            for name in names:
                for user in (self.portal, self.salesman):
                    with self.assertRaises(AccessError):
                        record.with_user(user).read([name])
                record.with_user(self.users["user"]).read([name])

    def test_the_zone_cannot_be_guessed_by_searching(self):
        Partner = self.env["res.partner"].with_user(self.salesman)
        with self.assertRaises(AccessError):
            Partner.search([("credit_zone_id.code", "=", "domestic")])
        with self.assertRaises(AccessError):
            Partner.search([], order="credit_zone_id", limit=1)

    def test_buyer_ratings_stay_in_their_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        partner = self.env["res.partner"].create(
            {"name": "Theirs", "is_company": True, "company_id": other.id}
        )
        rating = self.env["credit.insurance.buyer.rating"].create(
            {
                "partner_id": partner.id,
                "source_id": self.env.ref(
                    "export_credit_insurance.credit_insurance_rating_source_creditsafe"
                ).id,
                "value": 50,
            }
        )
        found = rating.with_user(self.users["manager"]).search([("id", "=", rating.id)])
        self.assertFalse(found)
