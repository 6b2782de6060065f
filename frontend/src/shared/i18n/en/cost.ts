/** What networks charge for; the adapters name the keys below their network's name. */
export default {
  x: {
    mention_read: 'Mentions read',
    own_read: 'Own posts read',
    post_read: 'Other posts read',
    profile_read: 'Profiles read',
    message_read: 'Direct messages read',
    event_post: 'Posts told as they happen',
    event_message: 'Direct messages told as they happen',
    post_create: 'Posts',
    post_create_with_link: 'Posts with a link',
    reply_summoned: 'Answers to those who mentioned us',
    message_send: 'Direct messages sent',
    media_description: 'Pictures described',
  },
} as const
