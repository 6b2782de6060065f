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
  language: 'Language',
  noDuration: 'Write a length of time, such as “30 min”, “4 h” or “2 days”.',
} as const
