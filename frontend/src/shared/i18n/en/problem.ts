/** What went wrong, by the server's code; a code that is missing here is told in the server's own sentence. */
export default {
  unreachable:
    'The server did not answer. Nothing was changed as far as we know; try again when the connection is back.',
  server:
    'Something went wrong on the server. Nothing was changed; try again, and tell your operator if it stays so.',
  unknown: 'This did not work, and the server did not say why. Nothing was changed.',
  unauthenticated: 'You are signed out. Sign in again; your drafts are kept.',
  refused: 'You are not allowed to do this.',
  not_allowed: 'You are not allowed to do this.',
  not_found: 'There is no such thing, or you may not see it.',
  ticket_not_found: 'This ticket does not exist, or you may not see it.',
  stale_ticket:
    'Somebody changed this ticket a moment ago, so your change was not made. You see it now as it is.',
  move_not_allowed: 'The ticket cannot go from its present state to that one.',
  nothing_to_take: 'Nothing waits to be taken.',
  too_late_to_cancel: 'It is too late to undo: the reply is already on its way.',
  already_answered: 'The conversation went on while you wrote. Nothing was sent.',
  text_too_long: 'The text is longer than this network takes. Nothing was sent.',
  would_widen: 'The answer would be seen by more people than the post it answers. Nothing was sent.',
  text_empty: 'Write something first.',
  too_many_pictures: 'This server takes fewer pictures in one post. Nothing was sent.',
  picture_refused: 'This server does not take such a picture.',
  alt_too_long: 'The description of a picture is longer than this server takes. Nothing was sent.',
  would_publish_private:
    'This text was written for a private answer and cannot be published. Nothing was sent.',
  extra_recipients: 'A private answer may mention nobody but its recipient. Nothing was sent.',
  nothing_to_answer: 'There is no post in this ticket that can be answered so. Nothing was sent.',
  not_on_this_network: 'This network has no such messages. Nothing was sent.',
  answer_in_private: 'This post can be answered from here only in private. Nothing was sent.',
  answer_by_hand: 'This post can be answered only by hand on the network itself. Nothing was sent.',
  not_answerable: 'This post cannot be answered on its network. Nothing was sent.',
  nothing_comes_in: 'This network makes no requests to us.',
  budget_spent:
    'This account’s budget for the month is spent. Nothing was sent; a lead can raise it, and your text is kept.',
  nothing_priced: 'Everything is free on this network: there is nothing to budget.',
  unknown_price: 'This network has no such price.',
  no_such_account: 'There is no such account, or you may not see it.',
  account_not_working:
    'The account is not connected any more. A lead must connect it again; your text is kept.',
  not_retryable: 'Only a failed reply can be tried again.',
  not_unsure: 'This reply’s fate is known by now.',
  reply_not_found: 'There is no such reply, or you may not see it.',
  snooze_in_the_past: 'Choose a time to come.',
  agent_not_available: 'This colleague does not work for the brand, or no longer works here.',
  label_invalid: 'A label has 1 to 40 characters on one line.',
  note_empty: 'Write something in the note first.',
  wrong_password: 'This address and password do not fit together.',
  agent_disabled: 'This account has been switched off. Ask a lead.',
  key_reused:
    'An earlier version of this text may be on its way already. Look at the conversation before you send again.',
  too_many: 'Too many attempts. Wait a little and try again.',
  unavailable: 'This cannot be reached right now. Nothing was lost.',
} as const
