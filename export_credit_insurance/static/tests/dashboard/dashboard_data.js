/** The months before the job ran for the first time. */
const notRecorded = [
    ["2025-11-30", "Nov 2025"],
    ["2025-12-31", "Dec 2025"],
    ["2026-01-31", "Jan 2026"],
    ["2026-02-28", "Feb 2026"],
    ["2026-03-31", "Mar 2026"],
    ["2026-04-30", "Apr 2026"],
    ["2026-05-31", "May 2026"],
    ["2026-06-30", "Jun 2026"],
    ["2026-07-31", "Jul 2026"],
].map(([date, label]) => ({
    date,
    label,
    recorded: false,
    exposure: 0,
    covered: 0,
    own_risk: 0,
    uncovered: 0,
    open: null,
}));

/** What the server sends: the position of a made-up company on a day. */
export const dashboard = () => ({
    company: { id: 1, name: "Atelier Mercier SAS" },
    companies: [{ id: 1, name: "Atelier Mercier SAS" }, { id: 2, name: "Mercier Polska Sp. z o.o." }],
    date: "2026-11-26", is_today: true, recorded_note: "",
    dates: [
        { value: "2026-10-31", label: "31 October 2026" },
        { value: "2026-09-30", label: "30 September 2026" },
    ],
    currency_id: 1,
    setup: {
        done: false,
        steps: [
            {
                key: "policy", title: "Record your policy",
                text: "The insurer, the dates, the insured percentages and the delays of the contract.",
                done: true, open: { key: "setup_policy", params: {} },
            },
            {
                key: "countries", title: "Check zones and ratings",
                text: "Each country of your buyers needs a zone and a country rating.",
                done: true, open: { key: "setup_countries", params: {} },
            },
            {
                key: "limits", title: "Enter or import the limits",
                text: "Limits come from the insurer's file or are entered one by one.",
                done: true, open: { key: "setup_limits", params: {} },
            },
            {
                key: "followup", title: "Check the follow-up and prepare a first run",
                text: "Read the plans and their texts, then prepare a run: nothing is sent before you say so.",
                done: false, open: { key: "setup_followup", params: {} },
            },
            {
                key: "deciders", title: "Say who decides, then end the observation",
                text: "While observing, everything is computed and nothing is held. End it after looking at what would have been held.",
                done: false, open: { key: "setup_deciders", params: {} },
            },
        ],
    },
    figures: [
        {
            key: "exposure", label: "Exposure",
            help: "Open invoices, deliveries not invoiced and orders not delivered, less what was received and not matched.",
            amount: 2278020.9, share: 1.0, change: 87720.8, since: "2026-10-31", open: { key: "exposure", params: {} },
        },
        {
            key: "covered", label: "Covered",
            help: "What the insurers would pay for a commercial loss today.", amount: 1648620.5,
            share: 0.7237, change: 27400.1, since: "2026-10-31", open: { key: "covered", params: {} },
        },
        {
            key: "own_risk", label: "At own risk",
            help: "What the company bears within the authorised credit: its own share, taxes, orders not shipped, own risk accepted.",
            amount: 279170.65, share: 0.1225, change: -21929.65, since: "2026-10-31",
            open: { key: "own_risk", params: {} },
        },
        {
            key: "uncovered", label: "Beyond authorised credit",
            help: "What goes beyond limits, securities and accepted own risk. With the own risk: all that no insurer would pay.",
            amount: 350229.75, share: 0.1537, change: 82250.35, since: "2026-10-31",
            open: { key: "uncovered", params: {} },
        },
    ],
    trend: {
        note: "As recorded at each month's end",
        months: [
            ...notRecorded,
            {
                date: "2026-08-31", label: "Aug 2026", recorded: true, note: "receivables alone", exposure: 2027438.6, covered: 1451132.25,
                own_risk: 248461.88, uncovered: 327844.47,
                open: { key: "month", params: { date: "2026-08-31" } },
            },
            {
                date: "2026-09-30", label: "Sep 2026", recorded: true, exposure: 2209680.27, covered: 1594364.4,
                own_risk: 270795.53, uncovered: 344520.34,
                open: { key: "month", params: { date: "2026-09-30" } },
            },
            {
                date: "2026-10-31", label: "Oct 2026", recorded: true, exposure: 2190300.1, covered: 1621220.4,
                own_risk: 301100.3, uncovered: 267979.4,
                open: { key: "month", params: { date: "2026-10-31" } },
            },
        ],
    },
    countries: [
        {
            id: 75, code: "FR", name: "France", grade: "1", score: 92, band: "low",
            status: "open", buyers: 3, exposure: 412350.0, covered: 356120.5, own_risk: 38200.25,
            uncovered: 18029.25, open: { key: "country", params: { country_id: 75 } },
        },
        {
            id: 57, code: "DE", name: "Germany", grade: "1", score: 90, band: "low",
            status: "open", buyers: 4, exposure: 655210.4, covered: 561300.0, own_risk: 70110.4,
            uncovered: 23800.0, open: { key: "country", params: { country_id: 57 } },
        },
        {
            id: 109, code: "IT", name: "Italy", grade: "2", score: 78, band: "low",
            status: "open", buyers: 2, exposure: 198400.0, covered: 151200.0, own_risk: 27200.0,
            uncovered: 20000.0, open: { key: "country", params: { country_id: 109 } },
        },
        {
            id: 224, code: "TR", name: "Turkey", grade: "5", score: 38, band: "high",
            status: "restricted", buyers: 2, exposure: 287500.0, covered: 131000.0,
            own_risk: 61500.0, uncovered: 95000.0,
            open: { key: "country", params: { country_id: 224 } },
        },
        {
            id: 2, code: "AE", name: "United Arab Emirates", grade: "3", score: 66,
            band: "medium", status: "open", buyers: 1, exposure: 164200.0, covered: 98000.0,
            own_risk: 21200.0, uncovered: 45000.0,
            open: { key: "country", params: { country_id: 2 } },
        },
        {
            id: 132, code: "MA", name: "Morocco", grade: "3", score: 60, band: "medium",
            status: "open", buyers: 1, exposure: 88300.5, covered: 62000.0, own_risk: 12300.0,
            uncovered: 14000.5, open: { key: "country", params: { country_id: 132 } },
        },
        {
            id: 31, code: "BR", name: "Brazil", grade: "4", score: 52, band: "medium",
            status: "open", buyers: 2, exposure: 143250.0, covered: 88000.0, own_risk: 20250.0,
            uncovered: 35000.0, open: { key: "country", params: { country_id: 31 } },
        },
        {
            id: 163, code: "NG", name: "Nigeria", grade: "6", score: 24, band: "very_high",
            status: "off_cover", buyers: 1, exposure: 76400.0, covered: 0.0, own_risk: 1400.0,
            uncovered: 75000.0, open: { key: "country", params: { country_id: 163 } },
        },
        {
            id: 233, code: "US", name: "United States", grade: "1", score: 88, band: "low",
            status: "open", buyers: 2, exposure: 240010.0, covered: 201000.0, own_risk: 27010.0,
            uncovered: 12000.0, open: { key: "country", params: { country_id: 233 } },
        },
        {
            id: 190, code: "RU", name: "Russian Federation", grade: "7", score: 5,
            band: "very_high", status: "sanctioned", buyers: 1, exposure: 12400.0, covered: 0.0,
            own_risk: 0.0, uncovered: 12400.0,
            open: { key: "country", params: { country_id: 190 } },
        },
    ],
    zones: [
        {
            id: 1, name: "Domestic", exposure: 412350.0, covered: 356120.5, own_risk: 38200.25,
            uncovered: 18029.25, open: { key: "zone", params: { zone_id: 1 } },
        },
        {
            id: 2, name: "European Union", exposure: 853610.4, covered: 712500.0,
            own_risk: 97310.4, uncovered: 43800.0, open: { key: "zone", params: { zone_id: 2 } },
        },
        {
            id: 3, name: "North America", exposure: 240010.0, covered: 201000.0,
            own_risk: 27010.0, uncovered: 12000.0, open: { key: "zone", params: { zone_id: 3 } },
        },
    ],
    insurers: [
        {
            id: 1, name: "Allianz Trade", exposure: 1830120.4, covered: 1490620.5,
            own_risk: 230000.0, uncovered: 109499.9,
            open: { key: "insurer", params: { insurer_id: 1 } },
        },
        {
            id: 2, name: "Bpifrance Assurance Export", exposure: 240000.0, covered: 158000.0,
            own_risk: 49170.65, uncovered: 32829.35,
            open: { key: "insurer", params: { insurer_id: 2 } },
        },
        {
            id: false, name: "No whole-turnover policy", help: "Single-order contracts are included.",
            exposure: 207900.5, covered: 0.0, own_risk: 0.0,
            uncovered: 207900.5, open: { key: "insurer", params: { insurer_id: false } },
        },
    ],
    top_uncovered: [
        {
            id: 41, name: "Anadolu Yapı A.Ş.", country: "Turkey", exposure: 201000.0,
            covered: 90000.0, own_risk: 20000.0, uncovered: 91000.0,
            reason: "The exposure exceeds the insured limit",
            open: { key: "buyer", params: { partner_id: 41 } },
        },
        {
            id: 52, name: "Lagos Building Supplies Ltd", country: "Nigeria", exposure: 76400.0,
            covered: 0.0, own_risk: 1400.0, uncovered: 75000.0,
            reason: "The country is off cover",
            open: { key: "buyer", params: { partner_id: 52 } },
        },
    ],
    limits: {
        expiring: {
            count: 3, open: { key: "limits_expiring", params: {} },
            rows: [
                {
                    id: 9, buyer: "Anadolu Yapı A.Ş.", policy: "Allianz Trade – AT-4711",
                    limit: 90000.0, used: 31000.0, currency_id: 1, date_to: "2026-12-15",
                    open: { key: "limit", params: { limit_id: 9 } },
                },
                {
                    id: 11, buyer: "Bright Tools Inc.", policy: "Allianz Trade – AT-4711",
                    limit: 120000.0, used: 0.0, currency_id: 2, date_to: "2026-12-31",
                    open: { key: "limit", params: { limit_id: 11 } },
                },
                {
                    id: 14, buyer: "Atlas Équipement SARL", policy: "Bpifrance – AE-220",
                    limit: 65000.0, used: 70000.0, currency_id: 1, date_to: "2027-01-10",
                    open: { key: "limit", params: { limit_id: 14 } },
                },
            ],
        },
        near: {
            count: 2, open: { key: "limits_near", params: {} },
            rows: [
                {
                    id: 18, buyer: "Bauhandel Nord GmbH", limit: 300000.0, used: 310200.0,
                    share: 1.034, currency_id: 1,
                    open: { key: "buyer", params: { partner_id: 18 } },
                },
                {
                    id: 33, buyer: "Al Noor Trading LLC", limit: 120000.0, used: 112800.0,
                    share: 0.94, currency_id: 1,
                    open: { key: "buyer", params: { partner_id: 33 } },
                },
            ],
        },
    },
    holds: {
        count: 2, amount: 48250.0, open: { key: "holds", params: {} },
        rows: [
            {
                id: 5, order: "S00042", buyer: "Anadolu Yapı A.Ş.", amount: 36250.0,
                currency_id: 1, age_days: 3, cause: "Limit exceeded by 21,000.00 €",
                open: { key: "hold", params: { hold_id: 5 } },
            },
            {
                id: 6, order: "S00047", buyer: "Lagos Building Supplies Ltd", amount: 12000.0,
                currency_id: 1, age_days: 1, cause: "The country is off cover",
                open: { key: "hold", params: { hold_id: 6 } },
            },
        ],
    },
    deadlines: {
        days: 30, missed: 1, count: 4, open: { key: "deadlines", params: {} },
        rows: [
            {
                id: 101, date: "2026-11-24", days_left: -2, kind: "notice",
                kind_label: "Notify the overdue", buyer: "Costruzioni Bianchi S.r.l.",
                document: "INV/2026/00031", amount: 18400.0, urgency: "missed",
                open: { key: "deadline", params: { line_id: 101 } },
            },
            {
                id: 102, date: "2026-11-29", days_left: 3, kind: "stop",
                kind_label: "Cover stops", buyer: "Al Noor Trading LLC",
                document: "INV/2026/00044", amount: 31250.0, urgency: "urgent",
                open: { key: "deadline", params: { line_id: 102 } },
            },
            {
                id: 103, date: "2026-12-08", days_left: 12, kind: "notice",
                kind_label: "Notify the overdue", buyer: "Construtora Paulista Ltda",
                document: "INV/2026/00038", amount: 22000.0, urgency: "soon",
                open: { key: "deadline", params: { line_id: 103 } },
            },
            {
                id: 104, date: "2026-12-20", days_left: 24, kind: "collection",
                kind_label: "Hand over for collection", buyer: "Lagos Building Supplies Ltd",
                document: "INV/2026/00019", amount: 41400.0, urgency: "soon",
                open: { key: "deadline", params: { line_id: 104 } },
            },
        ],
    },
    followup: {
        dso_days: 58,
        dso_help: "Open receivables ÷ turnover of the last 90 days, tax included, × 90 days.",
        overdue_amount: 241300.0, overdue_share: 0.1421, open: { key: "overdue", params: {} },
        steps: [
            {
                name: "Friendly reminder", reminders: 42, paid_share: 0.52, days: 14,
                open: { key: "step", params: { step_id: 1 } },
            },
            {
                name: "Second reminder", reminders: 19, paid_share: 0.37, days: 14,
                open: { key: "step", params: { step_id: 2 } },
            },
            {
                name: "Formal notice", reminders: 4, paid_share: 0.25, days: 14,
                open: { key: "step", params: { step_id: 3 } },
            },
        ],
    },
    policies: [
        {
            id: 1, name: "AT-4711", insurer: "Allianz Trade", year: "2026",
            first_loss: { amount: 20000.0, used: 8400.0 },
            liability: { amount: 1500000.0, used: 126000.0 },
            premium: { minimum: 30000.0, declared: 21400.0, drafted: 8200.0, estimate: 31800.0, help: "Expected" }, currency_id: 1,
            open: { key: "policy", params: { policy_id: 1 } },
        },
        {
            id: 2, name: "AE-220", insurer: "Bpifrance Assurance Export", year: "2026",
            first_loss: { amount: 0.0, used: 0.0 }, liability: { amount: 400000.0, used: 0.0 },
            premium: { minimum: 0.0, declared: 5100.0, drafted: 0.0, estimate: 6900.0, help: "Expected" }, currency_id: 1,
            open: { key: "policy", params: { policy_id: 2 } },
        },
    ],
});
