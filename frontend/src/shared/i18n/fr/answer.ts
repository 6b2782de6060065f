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
  x: {
    not_summoned:
      'X ne laisse les applications répondre qu’à ceux qui mentionnent le compte ou citent un de ses posts, ce que ce post ne fait pas. Une personne peut y répondre sur X.',
    replies_restricted: 'L’auteur ne laisse que certaines personnes répondre à ce post. Essayez sur X même.',
    encrypted: 'Ce message est chiffré : seul X peut l’afficher. Lisez-le et répondez-y là-bas.',
    link_costs: 'Un lien rend cette réponse bien plus chère sur X.',
    may_refuse: 'Le post ne nomme le compte que parce qu’il est une réponse : X peut refuser la nôtre.',
  },
  bluesky: {
    hidden:
      'Publiée, mais Bluesky ne la montre pas sous le message : son auteur a peut-être limité les réponses. Regardez sur le réseau.',
    replies_off: 'L’auteur a limité qui peut répondre.',
    blocked: 'L’auteur bloque ce compte : rien de ce qu’on y dit ne lui parvient.',
    blocking: 'Ce compte bloque l’auteur. Levez le blocage dans l’application, puis répondez.',
    no_messages:
      'Le mot de passe d’application de ce compte ne permet pas d’envoyer de messages privés. Répondez dans l’application.',
  },
}
