/** Whether and how a post can be answered on its network; the adapters name the keys below their network's name. */
export default {
  yes: 'It can be answered here.',
  unknown: 'It cannot be answered from here.',
  vanished: 'The post is gone from the network, so it cannot be answered there.',
  only_listens: 'We only listen on this network. It can be answered there by hand.',
  unknown_network: 'This version of Mentiondesk does not know the network, so nothing can be answered there.',
  in_private: 'It can be answered in private.',
  by_hand: 'Answer on the network',
  until: 'Until {when}.',
  from: 'From {when} on it is different.',
} as const
