/** Peut-on répondre à un message sur son réseau, et comment ; les adaptateurs nomment les clés sous le nom de leur réseau. */
export default {
  yes: 'On peut y répondre ici.',
  unknown: 'On ne peut pas y répondre d’ici.',
  vanished: 'Le message a disparu du réseau, on ne peut donc plus y répondre.',
  only_listens: 'Nous ne faisons qu’écouter sur ce réseau. On peut y répondre à la main.',
  unknown_network: 'Cette version de Mentiondesk ne connaît pas le réseau, on ne peut donc rien y répondre.',
  in_private: 'On peut y répondre en privé.',
  by_hand: 'Répondre sur le réseau',
  until: 'Jusqu’à {when}.',
  from: 'À partir de {when}, ce sera différent.',
  feeds: { only_listens: 'Un flux ne peut qu’être lu. Répondez à la main, là où se trouve le message.' },
  wordpress: {
    held: 'Le site retient la réponse jusqu’à ce que quelqu’un l’y approuve.',
    parent_held: 'Le site retient encore le commentaire ; une réponse se verra une fois qu’il sera approuvé.',
  },
}
