/** The English catalogue, by the place where the words stand. */
import composer from './composer'
import customer from './customer'
import desk from './desk'
import inbox from './inbox'
import keys from './keys'
import problem from './problem'
import shell from './shell'
import ticket from './ticket'
import ui from './ui'

export default { ui, shell, keys, problem, desk, inbox, ticket, composer, customer } as const
