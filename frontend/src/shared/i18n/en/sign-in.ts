/** Words of the sign-in page. */
export default {
  title: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  go: 'Sign in',
  welcome: 'Mentions become tickets, tickets get answers.',
  slow: 'Too many attempts. You can try again {seconds, plural, one {in # second} other {in # seconds}}.',
  slowOver: 'You can try again now.',
} as const
