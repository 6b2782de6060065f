/** Les mots du panneau client. */
export default {
  title: 'Client',
  since: 'connu depuis {when}',
  followers: '{count, plural, one {# abonné} other {# abonnés}}',
  bot: 'se déclare robot',
}
