/** The English catalogue, by the place where the words stand. */
import accounts from './accounts'
import answer from './answer'
import composer from './composer'
import costs from './costs'
import customer from './customer'
import desk from './desk'
import faults from './faults'
import inbox from './inbox'
import keys from './keys'
import people from './people'
import problem from './problem'
import promises from './promises'
import reason from './reason'
import setup from './setup'
import shell from './shell'
import signIn from './sign-in'
import ticket from './ticket'
import transfer from './transfer'
import ui from './ui'
import webhooks from './webhooks'

export default {
  ui,
  shell,
  keys,
  problem: { ...problem, ...faults },
  reason,
  desk,
  inbox,
  ticket,
  composer,
  answer,
  customer,
  promises,
  accounts,
  people,
  webhooks,
  transfer,
  signIn,
  setup,
  costs,
} as const
