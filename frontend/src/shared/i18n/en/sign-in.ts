/** Words of the sign-in page. */
export default {
  title: 'Sign in',
  email: 'E-mail address',
  password: 'Password',
  go: 'Sign in',
  welcome: 'Mentions become tickets, tickets get answers.',
} as const
