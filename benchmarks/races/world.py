"""The world that the processes race in: two companies, one policy, a few buyers.

Every buyer has one limit for both companies; the last two share theirs by the insurer's
number: the first of them has it. Amounts are in the companies' currency, without taxes,
so that sums are exact.
"""

import dataclasses

LIMIT = 10000.0
CUT_LIMIT = 6000.0

# What has happened to each order's clearance and to each limit, in the order of the
# commits: constraint triggers fire at the end, while the buyer's anchor is locked.
LOG = """
CREATE TABLE races_log (
    seq bigserial PRIMARY KEY, event text NOT NULL, partner_id int, order_id int,
    amount numeric, released boolean, unallowed numeric,
    began timestamptz DEFAULT now(), logged timestamptz DEFAULT clock_timestamp());
CREATE FUNCTION races_note_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO races_log (event, partner_id, order_id, amount)
        VALUES ('gone', OLD.partner_id, OLD.order_id, 0);
    ELSE
        INSERT INTO races_log
            (event, partner_id, order_id, amount, released, unallowed)
        VALUES ('cleared', NEW.partner_id, NEW.order_id,
                NEW.amount - COALESCE(NEW.replaced_amount, 0),
                NEW.hold_id IS NOT NULL, COALESCE(NEW.unallowed_amount, 0));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER races_note AFTER INSERT OR UPDATE OR DELETE
    ON credit_insurance_clearance DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION races_note_clearance();
"""


@dataclasses.dataclass
class World:
    """The ids of what the processes work with: environments do not cross a fork."""

    company_ids: list
    buyer_ids: list
    shared_ids: list
    product_id: int
    seller_id: int
    controller_id: int
    portal_id: int
    policy_id: int
    currency_id: int
    bank_journal_id: int
    account_ids: tuple

    @property
    def limited_ids(self):
        """The buyers that have a limit of their own."""
        return self.buyer_ids[:-1]

    def limit_of(self, partner_id):
        """Return the buyer whose limit this one uses."""
        return self.shared_ids[0] if partner_id in self.shared_ids else partner_id


def make(env, buyers):
    """Make the world, its checks not switched on yet, and return it."""
    main = env.ref("base.main_company")
    if not main.chart_template:
        charts = env["account.chart.template"]
        charts.try_loading("generic_coa", main, install_demo=False)
    sister = env["res.company"].create(
        {"name": "Race Sister", "currency_id": main.currency_id.id}
    )
    companies = main + sister
    env["res.users"].browse(env.uid).company_ids += companies
    policy = make_policy(env, companies)
    partners = make_buyers(env, policy, buyers)
    product = env["product.product"].create(
        {
            "name": "Race Product",
            "type": "service",
            "taxes_id": [(5,)],
            "company_id": False,
        }
    )
    receivable = env["account.account"].search(
        [("account_type", "=", "asset_receivable"), ("company_ids", "in", main.ids)],
        limit=1,
    )
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", main.id)], limit=1
    )
    return World(
        company_ids=companies.ids,
        buyer_ids=partners.ids,
        shared_ids=partners[-2:].ids,
        product_id=product.id,
        seller_id=make_user(env, "race-seller", companies).id,
        controller_id=make_user(env, "race-controller", companies, "controller").id,
        portal_id=make_user(env, "race-portal", main, portal=True).id,
        policy_id=policy.id,
        currency_id=main.currency_id.id,
        bank_journal_id=journal.id,
        account_ids=(journal.default_account_id.id, receivable.id),
    )


def make_policy(env, companies):
    insurer = env["credit.insurance.insurer"].create({"name": "Races", "code": "RACES"})
    return env["credit.insurance.policy"].create(
        {
            "name": "RACES",
            "number": "RACES",
            "insurer_id": insurer.id,
            "company_ids": [(6, 0, companies.ids)],
            "currency_id": companies[0].currency_id.id,
            "date_start": "2020-01-01",
            "renewal": "tacit",
            "cover_tax_basis": "tax_included",
            "max_payment_days": 999,
        }
    )


def make_buyers(env, policy, number):
    brazil = env.ref("base.br")
    partners = env["res.partner"].create(
        [
            {"name": f"Race {i}", "is_company": True, "country_id": brazil.id}
            for i in range(number)
        ]
    )
    *alone, first, second = partners
    for partner in alone:
        make_limit(env, policy, partner)
    make_limit(env, policy, first, insurer_buyer_ref="SHARED")
    make_limit(
        env,
        policy,
        second,
        amount=0.0,
        state="refused",
        request_type="increase",
        insurer_buyer_ref="SHARED",
    )
    return partners


def make_limit(env, policy, partner, **values):
    return env["credit.insurance.limit"].create(
        {
            "policy_id": policy.id,
            "partner_id": partner.id,
            "kind": "named",
            "state": "approved",
            "amount": LIMIT,
            "currency_id": policy.currency_id.id,
            "date_from": "2020-01-01",
            "decision_date": "2020-01-01",
            **values,
        }
    )


def make_user(env, login, companies, role=None, portal=False):
    groups = env.ref("base.group_portal")
    if not portal:
        groups = env.ref("sales_team.group_sale_salesman_all_leads")
        groups += env.ref("base.group_user")
    if role:
        groups += env.ref(f"export_credit_insurance.group_credit_{role}")
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": login,
                "login": login,
                "email": f"{login}@example.com",
                "company_id": companies[0].id,
                "company_ids": [(6, 0, companies.ids)],
                "group_ids": [(6, 0, groups.ids)],
            }
        )
    )


def switch_on(env, world):
    """Activate the policy, out of observation, and begin to note what is cleared."""
    policy = env["credit.insurance.policy"].browse(world.policy_id)
    policy.action_activate()
    policy.action_end_observation()
    env.cr.execute(LOG)
    env.cr.execute(
        """
        INSERT INTO races_log (event, partner_id, amount)
        SELECT 'receipt', partner_id, -sum(amount_residual) FROM account_move_line
         WHERE partner_id = ANY(%s) AND parent_state = 'posted' AND account_id = %s
         GROUP BY partner_id
        """,
        [world.buyer_ids, world.account_ids[1]],
    )
