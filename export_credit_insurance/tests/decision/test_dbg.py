from freezegun import freeze_time
from odoo.tests import tagged
from . import test_gate_queries as M
T = M.TestGateQueries
from .common import DecisionCommon
import logging
import odoo.sql_db

@tagged("post_install", "-at_install")
@freeze_time("2026-10-01 12:00:00")
class TestDbg(DecisionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyers = cls.env["res.partner"]
        for number in range(5):
            buyer = cls.make_buyer(f"Buyer {number}")
            cls.make_limit(buyer, 10000.0)
            cls.buyers += buyer
    make_orders = T.make_orders
    switch_off = T.switch_off
    def test_dbg(self):
        import re
        def run(orders, tag):
            self.env.flush_all(); self.env.invalidate_all()
            log=[]
            orig = odoo.sql_db.Cursor.execute
            def ex(cur, query, params=None, log_exceptions=True):
                q = query if isinstance(query,str) else query.code
                log.append(re.sub(r'\s+',' ',q)[:130] + ((' '+str(getattr(query,'params',params))[-80:]+' '+' < '.join(f.name for f in reversed(__import__('traceback').extract_stack()[-22:]) if f.name not in ('__get__','_fetch_field','fetch','_fetch_query','ex','execute_query'))) if 'res_currency' in q or 'res_partner' in q or 'res_users' in q or 'res_company' in q else ''))
                return orig(cur, query, params, log_exceptions)
            odoo.sql_db.Cursor.execute = ex
            try:
                orders.action_confirm(); self.env.flush_all()
            finally:
                odoo.sql_db.Cursor.execute = orig
            return log
        self.make_orders(2).action_confirm()
        on = run(self.make_orders(1), 'on')
        self.switch_off()
        self.make_orders(2).action_confirm()
        off = run(self.make_orders(1), 'off')
        print("ONN"); [print("ON ", q) for q in on]
        [print("OFF", q) for q in off]
del T
