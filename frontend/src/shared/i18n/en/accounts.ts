/** Words of the accounts page. */
export default {
  title: 'Accounts',
} as const
