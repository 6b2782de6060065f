"""Which scope a key needs for which operation: the whole table in one place; what is not in it no key may do."""

from typing import Final

from app.access.views import Scope

PEOPLE: Final = "people"
"""Stands for what belongs to a person who signs in, and to leads alone."""
ANYBODY: Final = "anybody"
"""Stands for what is asked before anybody is known."""

_TABLE: Final[dict[str, str]] = {
    "read": """
        get_session list_agents list_teams list_networks list_brands list_accounts list_account_health list_budgets
        list_tickets count_tickets list_labels find_ticket_by_number get_ticket get_ticket_card list_customer_tickets
        list_customers get_customer list_assignment_strategies get_reply_options list_replies get_picture_file list_events
        list_ticket_clocks list_earlier_clocks get_ticket_clock list_policies list_calendars list_metrics preview_promises
        simulate_promises
        list_holiday_countries list_holidays
    """,
    "work": """
        open_ticket add_message edit_message withdraw_message refer_ticket
        assign_ticket move_ticket dismiss_ticket label_ticket prioritise_ticket add_note poll_account
        describe_customer merge_customers
    """,
    "reply": """
        send_reply cancel_reply retry_reply settle_reply get_draft save_draft discard_draft list_unsent_pictures
        add_picture describe_picture remove_picture
    """,
    "administer": """
        create_brand edit_brand connect_account refresh_account disconnect_account backfill_account list_rejects
        get_incoming_address list_costs set_budget set_price
        list_jobs create_import create_export get_job save_piece start_import cancel_job list_refusals get_job_file
        invite_agent edit_agent form_team edit_team dissolve_team rebuild_clocks create_policy order_policies
        save_policy delete_policy create_calendar save_calendar delete_calendar read_holiday_feed
    """,
    PEOPLE: """
        sign_out list_sign_ins end_sign_in edit_me take_next_ticket return_from_network list_keys make_key revoke_key
        list_webhooks list_webhook_types make_webhook edit_webhook remove_webhook reveal_webhook_secret
        rotate_webhook_secret test_webhook replay_webhook list_webhook_deliveries get_webhook_delivery
        replay_webhook_delivery
    """,
    ANYBODY: "sign_in check_setup set_up",
}
OPERATIONS: Final[dict[str, str]] = {name: scope for scope, names in _TABLE.items() for name in names.split()}

KEEP_FOR_EVER: Final = frozenset({"add_note", "send_reply"})
"""They demand an Idempotency-Key and keep it themselves."""

NOT_KEPT: Final = KEEP_FOR_EVER | {"preview_promises", "simulate_promises", "read_holiday_feed"}
"""Of these no answer is kept: the others make nothing."""

TELL_A_SECRET: Final = frozenset({"make_key", "make_webhook", "rotate_webhook_secret"})
"""Their answers are kept without the secret."""


def scope_of(operation: str) -> Scope | None:
    """The scope a key needs for an operation; null when no scope allows it."""
    match OPERATIONS.get(operation):
        case "read" | "work" | "reply" | "administer" as scope:
            return scope
        case _:
            return None
