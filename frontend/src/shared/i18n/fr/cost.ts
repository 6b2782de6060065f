/** Ce que les réseaux facturent ; les adaptateurs nomment les clés sous le nom de leur réseau. */
export default {
  x: {
    mention_read: 'Mentions lues',
    own_read: 'Posts à nous lus',
    post_read: 'Autres posts lus',
    profile_read: 'Profils lus',
    message_read: 'Messages privés lus',
    event_post: 'Posts annoncés en direct',
    event_message: 'Messages privés annoncés en direct',
    post_create: 'Posts',
    post_create_with_link: 'Posts avec un lien',
    reply_summoned: 'Réponses à qui nous a mentionnés',
    message_send: 'Messages privés envoyés',
    media_description: 'Images décrites',
  },
}
