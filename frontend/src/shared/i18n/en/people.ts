/** Words of the people page. */
export default {
  title: 'People',
} as const
