import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component } from "@odoo/owl";

const { DateTime } = luxon;
/** A deadline turns to warning this many days ahead. */
const SOON_DAYS = 15;

/** The insurer's clock on one unpaid invoice, as a line of dated points. */
export class CreditDeadlines extends Component {
    static template = "export_credit_insurance.CreditDeadlines";
    static props = { ...standardWidgetProps };

    get points() {
        const today = DateTime.local().startOf("day");
        const points = [
            this.point("insured_shipment_date", _t("Shipped"), false),
            this.point("insured_due_date", _t("Due (original)"), false),
            this.point("cover_stop_date", _t("Cover stops"), true),
            this.point("overdue_notice_deadline", _t("Notify the insurer by"), true),
            this.point("collection_deadline", _t("Hand over by"), true),
        ];
        return points
            .filter((point) => point.date)
            .sort((one, other) => one.date - other.date)
            .map((point) => ({ ...point, ...this.state(point, today) }));
    }

    point(name, label, isDeadline) {
        return { name, label, isDeadline, date: this.props.record.data[name] };
    }

    state({ date, isDeadline }, today) {
        const days = Math.round(date.startOf("day").diff(today, "days").days);
        const passed = days < 0;
        const tone = !isDeadline
            ? passed
                ? "neutral"
                : "free"
            : passed
            ? "danger"
            : days <= SOON_DAYS
            ? "warning"
            : "free";
        return { tone, day: formatDate(date), distance: this.distance(days) };
    }

    distance(days) {
        if (!days) {
            return _t("today");
        }
        if (days === 1) {
            return _t("tomorrow");
        }
        if (days === -1) {
            return _t("yesterday");
        }
        return days > 0 ? _t("in %s days", days) : _t("%s days ago", -days);
    }

    get hasDeadline() {
        return this.points.some((point) => point.isDeadline);
    }
}

export const creditDeadlines = {
    component: CreditDeadlines,
    fieldDependencies: [
        { name: "insured_shipment_date", type: "date" },
        { name: "insured_due_date", type: "date" },
        { name: "cover_stop_date", type: "date" },
        { name: "overdue_notice_deadline", type: "date" },
        { name: "collection_deadline", type: "date" },
    ],
};

registry.category("view_widgets").add("credit_deadlines", creditDeadlines);
