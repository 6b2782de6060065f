"""code_of(): a name that stays for each reason why a line or a job came to nothing, so that it can be said in any language; pure."""

from typing import Final

_BEGINNINGS: Final = {
    "line_too_long": "A line has at most",
    "not_json": "This is not JSON",
    "no_object": "A line is a JSON object.",
    "no_brand": "No line before this one, and nothing here, names this brand.",
    "no_customer": "No line before this one, and nothing here, names this customer.",
    "no_ticket": "No line before this one, and nothing here, names this ticket.",
    "no_account": "This brand has no such account",
    "account_of_another_brand": "This account speaks for another brand here.",
    "never_wakes": "A snoozed ticket wakes at some time.",
    "no_conversation": "A post without ticket names its conversation.",
    "cannot_be_kept": "The database cannot hold this line.",
    "field_missing": "Field required",
    "field_unknown": "Extra inputs are not permitted",
    "kind_missing": "Unable to extract tag",
    "kind_unknown": "Input tag",
    "text_too_short": "String should have at least",
    "text_too_long": "String should have at most",
    "text_of_another_form": "String should match pattern",
    "list_too_long": "List should have at most",
    "zone_missing": "Input should have timezone info",
    "number_too_small": "Input should be greater",
    "number_too_large": "Input should be less",
    "value_of_another_kind": "Input should be a",
    "not_one_of": "Input should be '",
    "no_address": "Value error, an address",
    "no_time": "Value error, a time",
    "not_allowed_any_more": "Whoever asked for this may not any more.",
    "upload_unfinished": "The upload was not finished within a day.",
    "too_many_refused": "More than",
    "words_erased": "Words in this file may not be kept",
    "failed_again": "This failed again and again",
}
CODES: Final = frozenset(_BEGINNINGS)


def code_of(reason: str | None) -> str | None:
    """The reason's name; null for what a shape says rarely of a value, in words of its own."""
    if reason is None:
        return None
    return next((code for code, beginning in _BEGINNINGS.items() if reason.startswith(beginning)), None)
