/** Words of the promises page. */
export default {
  title: 'Promises',
} as const
