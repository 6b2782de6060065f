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
  feeds: { only_listens: 'A feed can only be read. Answer where the post stands, by hand.' },
  wordpress: {
    held: 'The site holds the answer back until somebody there approves it.',
    parent_held: 'The site still holds the comment back; an answer shows once it is approved.',
  },
  x: {
    not_summoned:
      'X lets apps answer only those who mention the account or quote one of its posts, and this post does neither. A person can answer it on X.',
    replies_restricted: 'The author lets only some people answer this post. Try it on X itself.',
    encrypted: 'This message is encrypted: only X itself can show it. Read and answer it there.',
    link_costs: 'A link makes this answer much dearer on X.',
    may_refuse: 'The post names the account only because it is a reply, so X may refuse the answer.',
  },
  bluesky: {
    hidden:
      'It was published, but Bluesky does not show it under the post: perhaps its author limited replies. Look at the network.',
    replies_off: 'The author has limited who can reply.',
    blocked: 'The author blocks this account, so nothing we say there reaches them.',
    blocking: 'This account blocks the author. Lift the block in the app, then answer.',
    no_messages: 'This account’s app password cannot send direct messages. Answer in the app.',
  },
} as const
