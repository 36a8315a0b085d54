import { markup } from "@odoo/owl";

/** An action as the server answers it, ready to be opened: its help is HTML, not text. */
export function readyAction(action) {
    return action.help ? { ...action, help: markup(action.help) } : action;
}
