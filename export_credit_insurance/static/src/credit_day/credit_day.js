import { Component, onWillStart, status, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { readyAction } from "../credit_action/credit_action";

/** Answers after which the reader is still here; a dialogue says when it closes. */
const STAYING = [false, undefined, "ir.actions.act_url", "ir.actions.act_window_close"];

/**
 * What the reader has to do today, section by section, and done from there.
 *
 * The server says what there is; buttons call the methods of the documents themselves.
 * Whatever is done, the day is read again, but for the sections that ask the position of
 * every buyer: of those only the one where something was done.
 */
export class CreditDay extends Component {
    static template = "export_credit_insurance.CreditDay";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.keepLast = new KeepLast();
        this.head = useRef("head");
        this.display = { controlPanel: {} };
        this.state = useState({ day: null, isBusy: false, said: "" });
        onWillStart(() => this.load());
    }

    async load() {
        const reading = this.orm.call("credit.insurance.my.day", "get_my_day", []);
        this.state.day = await this.keepLast.add(reading);
    }

    /** Read the day again after something was done in a section. */
    async loadAfter(key) {
        const before = this.state.day.sections;
        const asked = before.filter((section) => !section.is_slow || section.key === key);
        const keys = asked.map((section) => section.key);
        const reading = this.orm.call("credit.insurance.my.day", "get_my_day", [], { keys });
        const day = await this.keepLast.add(reading);
        const read = Object.fromEntries(day.sections.map((section) => [section.key, section]));
        const sections = before.map((section) => read[section.key] || section);
        const count = sections.reduce((sum, section) => sum + section.count, 0);
        this.state.day = { ...day, sections, count };
    }

    get today() {
        return deserializeDate(this.state.day.date).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
            year: "numeric",
        });
    }

    get summary() {
        const { count } = this.state.day;
        if (!count) {
            return _t("Nothing to do today.");
        }
        return count === 1 ? _t("1 thing to do") : _t("%s things to do", count);
    }

    get busySections() {
        return this.state.day.sections.filter((section) => section.count);
    }

    get emptySections() {
        return this.state.day.sections.filter((section) => !section.count);
    }

    urgency(row) {
        // what came in before waits today; only what is for today is called so
        const today = row.date === this.state.day.date ? _t("Today") : _t("To Do");
        return { late: _t("Late"), today, soon: _t("Soon") }[row.urgency] || "";
    }

    /** The day by which it is to be done, or since when it waits. */
    date(row) {
        const day = row.date ? formatDate(deserializeDate(row.date)) : "";
        return row.is_since ? _t("since %s", day) : day;
    }

    amount(row) {
        return row.currency_id ? formatCurrency(row.amount, row.currency_id) : "";
    }

    listLabel(section) {
        const { count, rows } = section;
        return count > rows.length ? _t("All %s", count) : _t("As a list");
    }

    /** A button's full name: screen readers hear which row it belongs to. */
    named(button, row) {
        return `${button.label}: ${row.label}`;
    }

    openRow({ open }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: open.model,
            res_id: open.id,
            views: [[false, "form"]],
        });
    }

    async openSection(section) {
        const args = [section.key];
        const action = await this.orm.call("credit.insurance.my.day", "get_action", args);
        await this.follow(action);
    }

    /** Open what the server says. */
    follow(action, options) {
        return this.action.doAction(readyAction(action), options);
    }

    press(section, row, button) {
        if (!button.confirm) {
            return this.run(section, row, button);
        }
        this.dialog.add(ConfirmationDialog, {
            title: button.label,
            body: button.confirm,
            confirmLabel: button.label,
            confirm: () => this.run(section, row, button),
            cancel: () => {},
        });
    }

    /** Call the document's own method, in its company; follow what it answers. */
    async run(section, row, button) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const others = user.activeCompanies.map((company) => company.id);
            const companies = [row.company_id, ...others.filter((id) => id !== row.company_id)];
            const answer = await this.call(row, button.method, companies);
            if (answer?.type) {
                await this.follow(answer, { onClose: () => this.reload(section, row, button) });
            }
            if (STAYING.includes(answer && answer.type)) {
                await this.reload(section, row, button);
            }
        } finally {
            this.state.isBusy = false;
        }
    }

    /** As a form's button does it: actions come back ready to be opened. */
    call({ model, id }, method, companies) {
        const context = { ...user.context, allowed_company_ids: companies };
        const params = { model, method, args: [[id]], kwargs: { context } };
        return rpc(`/web/dataset/call_button/${model}/${method}`, params);
    }

    async reload({ key }, row, button) {
        if (status(this) === "destroyed") {
            return;
        }
        const before = this.state.day.count;
        await this.loadAfter(key);
        if (this.state.day.count < before) {
            this.state.said = _t("Done: %s", this.named(button, row));
        }
        // the pressed button may be gone: the keyboard goes on from the top
        this.head.el?.focus();
    }
}

registry.category("actions").add("credit_insurance_my_day", CreditDay);
