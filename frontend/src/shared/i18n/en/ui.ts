/** Words of the building blocks. */
export default {
  toasts: 'Notices',
  dismiss: 'Put away',
  close: 'Close',
  cancel: 'Cancel',
  save: 'Save',
  chosen: 'chosen',
  nothingFound: 'Nothing found.',
  loading: 'Loading',
  retry: 'Try again',
} as const
