/** Words of the first visit. */
export default {
  title: 'Set up Mentiondesk',
  words: 'You are the first one here. Make your own sign-in; you will be the lead of this desk.',
  name: 'Your name',
  email: 'E-mail address',
  password: 'Password',
  passwordHint: 'At least 8 characters.',
  brand: 'Name of the brand',
  brandHint: 'The voice you answer with. More can be added later.',
  next: 'Next, you connect an account of this brand.',
  go: 'Begin',
} as const
