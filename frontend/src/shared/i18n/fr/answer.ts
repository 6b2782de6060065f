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
}
