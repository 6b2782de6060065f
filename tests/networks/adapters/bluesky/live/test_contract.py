"""The promises of the port, kept against Bluesky's own servers: what the small Bluesky of the fast tests only claims."""

# ruff: noqa: F401 - what is imported here is what pytest runs
import pytest

from tests.networks.test_contract import (
    test_a_mention_arrives_with_everything_the_desk_needs,
    test_a_pasted_token_connects_and_tells_who_the_account_is,
    test_a_thread_has_what_is_above_and_below_with_their_parents,
    test_an_account_nobody_ever_mentioned_has_a_cursor_and_then_misses_none,
    test_an_empty_page_keeps_the_cursor,
    test_likes_boosts_and_own_posts_never_yield_a_mention,
    test_walking_back_reaches_the_first_mention,
    test_what_is_deleted_is_gone,
)
from tests.networks.test_contract_out import (
    test_a_lost_answer_is_unknown_and_the_post_is_found,
    test_a_parent_that_vanished_is_gone_and_nothing_is_published,
    test_a_picture_goes_out_with_its_description,
    test_a_reply_is_published_under_its_parent_to_whom_it_is_for,
    test_a_request_that_did_nothing_leaves_nothing_to_find,
    test_a_text_that_fits_our_count_fits_theirs_and_one_more_is_rejected,
    test_find_is_not_taken_in_by_similar_posts,
)

pytestmark = pytest.mark.live_bluesky
