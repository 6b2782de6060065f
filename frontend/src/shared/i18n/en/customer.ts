/** Words of the customer panel. */
export default {
  title: 'Customer',
  since: 'known since {when}',
  followers: '{count, plural, one {# follower} other {# followers}}',
  bot: 'says it is a bot',
} as const
