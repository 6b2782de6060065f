/** Ce qui n’a pas marché, selon le code du serveur ; un code absent d’ici est dit par la phrase du serveur. */
export default {
  unreachable:
    'Le serveur n’a pas répondu. À notre connaissance rien n’a changé ; réessayez quand la connexion sera rétablie.',
  server:
    'Une erreur s’est produite sur le serveur. Rien n’a changé ; réessayez, et prévenez votre exploitant si cela persiste.',
  unknown: 'Cela n’a pas marché, et le serveur n’a pas dit pourquoi. Rien n’a changé.',
  unauthenticated: 'Vous êtes déconnecté. Reconnectez-vous ; vos brouillons sont gardés.',
  refused: 'Vous n’avez pas le droit de faire cela.',
  not_allowed: 'Vous n’avez pas le droit de faire cela.',
  not_found: 'Cela n’existe pas, ou vous n’y avez pas accès.',
  ticket_not_found: 'Ce ticket n’existe pas, ou vous n’y avez pas accès.',
  stale_ticket:
    'Quelqu’un vient de modifier ce ticket ; votre changement n’a pas été fait. Le voici tel qu’il est maintenant.',
  move_not_allowed: 'Le ticket ne peut pas passer de son état actuel à celui-là.',
  nothing_to_take: 'Rien n’attend d’être pris.',
  too_late_to_cancel: 'Trop tard pour annuler : la réponse est déjà partie.',
  already_answered: 'La conversation a continué pendant que vous écriviez. Rien n’a été envoyé.',
  text_too_long: 'Le texte dépasse ce que ce réseau accepte. Rien n’a été envoyé.',
  would_widen:
    'La réponse serait vue par plus de monde que le message auquel elle répond. Rien n’a été envoyé.',
  extra_mentions: 'Une réponse privée ne peut mentionner que son destinataire. Rien n’a été envoyé.',
  empty_text: 'Il n’y a encore rien à envoyer.',
  too_many: 'Trop de tentatives. Attendez un peu et réessayez.',
  unavailable: 'C’est injoignable pour le moment. Rien n’est perdu.',
}
