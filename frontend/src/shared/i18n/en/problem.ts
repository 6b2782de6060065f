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
  extra_mentions: 'A private answer may only mention the person it goes to. Nothing was sent.',
  empty_text: 'There is nothing to send yet.',
  too_many: 'Too many attempts. Wait a little and try again.',
  unavailable: 'This cannot be reached right now. Nothing was lost.',
} as const
