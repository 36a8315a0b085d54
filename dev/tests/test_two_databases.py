"""One server, three databases: each knows its own policy, or nothing of the add-on."""

import subprocess
import time
import unittest
import urllib.request
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

from dev.demo import free_port
from dev.environment import Environment
from dev.settings import DEV_DIR, ROOT

PATIENCE = 120
ROUNDS = 5
LIMIT = 10000.0


class TestDatabases(unittest.TestCase):
    """*insured* checks orders, *idle* has no policy, *plain* not even the add-on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        environment = Environment()
        databases = environment.databases
        insured, idle, plain = (
            databases.name(f"several_{name}") for name in ("insured", "idle", "plain")
        )
        for database in (insured, idle, plain):
            cls.addClassCleanup(databases.drop, database)
        databases.copy(databases.template(False), plain)
        databases.make_by_copy(insured)
        databases.copy(insured, idle)
        port = free_port(8269)
        cls.url = f"http://127.0.0.1:{port}"
        cls.serve(
            environment.odoo_command(
                *("-d", f"{insured},{idle},{plain}", "--http-port", port),
                *("--max-cron-threads=0", "--log-level=warn"),
            )
        )
        cls.insured = Client(cls.url, insured)
        cls.idle = Client(cls.url, idle)
        cls.plain = Client(cls.url, plain)
        cls.clients = (cls.insured, cls.idle, cls.plain)

    @classmethod
    def serve(cls, command):
        """Start the server; it ends before the databases are dropped."""
        log = open(DEV_DIR / "several-databases.log", "w")
        cls.addClassCleanup(log.close)
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT
        )
        cls.addClassCleanup(server.wait, PATIENCE)
        cls.addClassCleanup(server.terminate)
        deadline = time.monotonic() + PATIENCE
        while not answers(f"{cls.url}/web/health"):
            if time.monotonic() > deadline:
                raise AssertionError(f"The server does not answer: {log.name}")
            time.sleep(0.2)

    def test_each_database_decides_for_itself(self):
        """15,000 at a limit of 10,000 is refused where the policy is, nowhere else.

        Asked by turns and at once: what the process remembers of one database (rules,
        policies, the wrapped confirmation) must not answer for another.
        """
        self.assertNotIn("credit_check_state", self.plain.fields("sale.order"))
        self.assertFalse(self.plain.has_model("credit.insurance.hold"))
        buyers = [client.make_buyer() for client in self.clients]
        self.insured.insure(buyers[0])
        orders = [
            [client.make_order(buyer, 15000.0) for _round in range(ROUNDS)]
            for client, buyer in zip(self.clients, buyers, strict=True)
        ]
        with ThreadPoolExecutor(len(self.clients)) as pool:
            for asked in zip(*orders, strict=True):
                told = list(pool.map(Client.confirm, self.clients, asked))
                self.assertEqual(told, [False, True, True])
        states = [
            client.read_states(ids)
            for client, ids in zip(self.clients, orders, strict=True)
        ]
        self.assertEqual(
            states, [["draft"] * ROUNDS, ["sale"] * ROUNDS, ["sale"] * ROUNDS]
        )
        fitting = self.insured.make_order(buyers[0], LIMIT)
        self.assertTrue(self.insured.confirm(fitting))


class Client:
    """An administrator who works in one database, from outside."""

    def __init__(self, url, database):
        self.url, self.database = url, database
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.user = common.authenticate(database, "admin", "admin", {})

    def call(self, model, method, *args, **kwargs):
        # a connection per call: threads share none
        models = xmlrpc.client.ServerProxy(f"{self.url}/xmlrpc/2/object")
        who = (self.database, self.user, "admin")
        return models.execute_kw(*who, model, method, args, kwargs)

    def fields(self, model):
        return self.call(model, "fields_get", attributes=["type"])

    def has_model(self, model):
        return bool(self.call("ir.model", "search_count", [("model", "=", model)]))

    def make_buyer(self):
        [brazil] = self.call("res.country", "search", [("code", "=", "BR")])
        values = {"name": "Several", "is_company": True, "country_id": brazil}
        return self.call("res.partner", "create", values)

    def insure(self, buyer):
        """A policy in force, and a limit of 10,000 for this buyer."""
        [company] = self.call("res.company", "search", [])
        [read] = self.call("res.company", "read", [company], ["currency_id"])
        currency = read["currency_id"][0]
        insurer = {"name": "Several", "code": "SEVERAL"}
        policy = self.call(
            "credit.insurance.policy",
            "create",
            {
                "name": "SEVERAL",
                "number": "SEVERAL",
                "insurer_id": self.call("credit.insurance.insurer", "create", insurer),
                "company_ids": [(6, 0, [company])],
                "currency_id": currency,
                "date_start": "2020-01-01",
                "renewal": "tacit",
                "cover_tax_basis": "tax_included",
                "max_payment_days": 999,
            },
        )
        self.call(
            "credit.insurance.limit",
            "create",
            {
                "policy_id": policy,
                "partner_id": buyer,
                "kind": "named",
                "state": "approved",
                "amount": LIMIT,
                "currency_id": currency,
                "date_from": "2020-01-01",
                "decision_date": "2020-01-01",
            },
        )
        self.call("credit.insurance.policy", "action_activate", [policy])
        self.call("credit.insurance.policy", "action_end_observation", [policy])

    def make_order(self, buyer, amount):
        product = self.call(
            "product.product",
            "create",
            {"name": "Several", "type": "service", "taxes_id": [(5,)]},
        )
        line = {"product_id": product, "price_unit": amount, "tax_ids": [(5,)]}
        values = {"partner_id": buyer, "order_line": [(0, 0, line)]}
        return self.call("sale.order", "create", values)

    def confirm(self, order):
        """Whether the order could be confirmed; for lack of credit it cannot be."""
        try:
            self.call("sale.order", "action_confirm", [order])
        except xmlrpc.client.Fault as fault:
            if "5,000" not in fault.faultString:
                raise
            return False
        return True

    def read_states(self, orders):
        return [row["state"] for row in self.call("sale.order", "read", orders)]


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as page:
            return page.status == 200
    except OSError:
        return False
