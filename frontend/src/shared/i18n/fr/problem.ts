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
  no_content_warning:
    'Ce réseau ne connaît pas d’avertissement de contenu. Retirez-le ; rien n’a été envoyé.',
  text_too_long: 'Le texte dépasse ce que ce réseau accepte. Rien n’a été envoyé.',
  would_widen:
    'La réponse serait vue par plus de monde que le message auquel elle répond. Rien n’a été envoyé.',
  text_empty: 'Écrivez d’abord quelque chose.',
  too_many_pictures: 'Ce serveur accepte moins d’images par message. Rien n’a été envoyé.',
  picture_refused: 'Ce serveur n’accepte pas une telle image.',
  alt_too_long: 'La description d’une image dépasse ce que ce serveur accepte. Rien n’a été envoyé.',
  would_publish_private:
    'Ce texte a été écrit pour une réponse privée et ne peut pas être publié. Rien n’a été envoyé.',
  extra_recipients: 'Une réponse privée ne peut mentionner que son destinataire. Rien n’a été envoyé.',
  nothing_to_answer: 'Aucun message de ce ticket ne permet d’y répondre ainsi. Rien n’a été envoyé.',
  not_on_this_network: 'Ce réseau n’a pas de tels messages. Rien n’a été envoyé.',
  answer_in_private: 'On ne peut répondre d’ici à ce message qu’en privé. Rien n’a été envoyé.',
  answer_by_hand:
    'On ne peut répondre à ce message qu’à la main, sur le réseau lui-même. Rien n’a été envoyé.',
  not_answerable: 'On ne peut pas répondre à ce message sur son réseau. Rien n’a été envoyé.',
  nothing_comes_in: 'Ce réseau ne nous adresse aucune requête.',
  budget_spent:
    'Le budget du mois de ce compte est dépensé. Rien n’a été envoyé ; un responsable peut l’augmenter, et votre texte est gardé.',
  nothing_priced: 'Tout est gratuit sur ce réseau : il n’y a rien à budgéter.',
  unknown_price: 'Ce réseau n’a pas de tel prix.',
  no_such_account: 'Ce compte n’existe pas, ou vous n’y avez pas accès.',
  account_not_working:
    'Le compte n’est plus connecté. Un responsable doit le reconnecter ; votre texte est gardé.',
  not_retryable: 'Seule une réponse échouée peut être retentée.',
  not_unsure: 'Le sort de cette réponse est maintenant connu.',
  reply_not_found: 'Cette réponse n’existe pas, ou vous n’y avez pas accès.',
  snooze_in_the_past: 'Choisissez un moment à venir.',
  agent_not_available: 'Ce collègue ne travaille pas pour la marque, ou plus du tout ici.',
  label_invalid: 'Une étiquette a 1 à 40 caractères sur une ligne.',
  note_empty: 'Écrivez d’abord quelque chose dans la note.',
  wrong_password: 'Cette adresse et ce mot de passe ne vont pas ensemble.',
  agent_disabled: 'Ce compte a été désactivé. Demandez à un responsable.',
  key_reused:
    'Une version antérieure de ce texte est peut-être déjà partie. Regardez la conversation avant de renvoyer.',
  too_many: 'Trop de tentatives. Attendez un peu et réessayez.',
  said_by_network: '{said} Il dit : {words}',
  unavailable: 'C’est injoignable pour le moment. Rien n’est perdu.',
}
