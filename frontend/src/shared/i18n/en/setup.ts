/** Words of the first visit. */
export default {
  title: 'Set up Mentiondesk',
  words: 'You are the first one here. Make your own sign-in; you will be the lead of this desk.',
  name: 'Your name',
  email: 'E-mail address',
  password: 'Password',
  passwordHint: 'At least 10 characters.',
  brand: 'Name of the brand',
  brandHint: 'The voice you answer with. More can be added later.',
  go: 'Begin',
} as const
