import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

import "@export_credit_insurance/credit_any/credit_any";

describe.current.tags("desktop");

class Zone extends models.Model {
    name = fields.Char();
    _records = [{ id: 1, name: "West Africa" }];
}

class Rule extends models.Model {
    code = fields.Selection({ selection: [["no_limit", "No Limit"]] });
    zone_id = fields.Many2one({ relation: "zone" });
    _records = [
        { id: 1, code: "no_limit", zone_id: 1 },
        { id: 2, code: false, zone_id: false },
    ];
}

defineMailModels();
defineModels([Zone, Rule]);

test("what is chosen, or that it stands for all", async () => {
    await mountView({
        type: "list",
        resModel: "rule",
        arch: `
            <list>
                <field name="code" widget="credit_any" placeholder="Any finding"/>
                <field name="zone_id" widget="credit_any" placeholder="All zones"/>
            </list>`,
    });
    expect(queryAllTexts("td.o_data_cell")).toEqual([
        "No Limit",
        "West Africa",
        "Any finding",
        "All zones",
    ]);
});
