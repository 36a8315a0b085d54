import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { CreditMeter, CreditOpen, CreditPanel } from "../credit_panel/credit_panel";
import { money, percent } from "../dashboard_format";

/** From this share of the insurer's maximum on, what is left may not do. */
const TIGHT = 0.8;

/** The counters of each policy year: first loss, the insurer's maximum, the premium. */
export class CreditCounters extends Component {
    static template = "export_credit_insurance.CreditCounters";
    static components = { CreditMeter, CreditOpen, CreditPanel };
    static props = { policies: Array, currencyId: Number };

    get policies() {
        return this.props.policies.map((policy) => {
            const currencyId = policy.currency_id || this.props.currencyId;
            const show = (amount) => money(amount, currencyId);
            return {
                ...policy,
                counters: [
                    this.firstLoss(policy.first_loss, show),
                    this.liability(policy.liability, show),
                    this.premium(policy.premium, show),
                ].filter(Boolean),
            };
        });
    }

    /** Losses that the company bears in a year before the insurer pays anything. */
    firstLoss({ amount, used }, show) {
        return (
            amount > 0 && {
                name: "first_loss",
                label: _t("Aggregate first loss"),
                text: _t("%(used)s of %(amount)s borne", {
                    used: show(used),
                    amount: show(amount),
                }),
                share: used / amount,
                tone: "calm",
            }
        );
    }

    /** The most that the insurer pays in a year. */
    liability({ amount, used }, show) {
        const share = used / amount;
        return (
            amount > 0 && {
                name: "liability",
                label: _t("Maximum Liability"),
                text: _t("%(used)s of %(amount)s used (%(share)s)", {
                    used: show(used),
                    amount: show(amount),
                    share: percent(share),
                }),
                share,
                tone: share >= 1 ? "bad" : share >= TIGHT ? "warn" : "calm",
            }
        );
    }

    /** The premium on what was declared and is expected, beside the minimum. */
    premium({ minimum, declared, drafted, estimate, help }, show) {
        const whole = Math.max(minimum, declared, estimate);
        const figures = {
            declared: show(declared),
            drafted: show(drafted),
            estimate: show(estimate),
            minimum: show(minimum),
        };
        return (
            whole > 0 && {
                name: "premium",
                label: _t("Premium"),
                help,
                text: drafted
                    ? _t(
                          "%(declared)s declared, %(drafted)s in drafts, %(estimate)s expected, minimum %(minimum)s",
                          figures
                      )
                    : _t(
                          "%(declared)s declared, %(estimate)s expected, minimum %(minimum)s",
                          figures
                      ),
                share: declared / whole,
                mark: minimum > 0 ? minimum / whole : undefined,
                tone: "calm",
            }
        );
    }
}
