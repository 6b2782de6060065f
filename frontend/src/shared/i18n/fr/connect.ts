/** Ce que demande la connexion d’un compte, par réseau ; les adaptateurs nomment ces clés. */
export default {
  mastodon: {
    server: 'Serveur',
    token: 'Jeton d’accès',
    accept_filtered: 'Désactiver les filtres qui nous cacheraient des mentions',
    filters_private:
      'Le serveur met de côté les messages privés d’inconnus : ils ne nous parviennent pas. Désactivez ce filtre dans les réglages de notification du compte.',
    filters_others:
      'Le serveur met certaines mentions de côté : elles ne nous parviennent pas. Désactivez les filtres dans les réglages de notification du compte.',
    drops: 'Le serveur jette certaines mentions. Changez les réglages de notification du compte.',
    missing_scopes: 'L’accès accordé est plus étroit que nécessaire. Connectez le compte de nouveau.',
  },
  feeds: {
    server: 'Adresse du flux, ou d’une page qui en propose un',
    words: 'Seulement ce qui contient un de ces mots (séparés par des virgules ; vide : tout)',
    own: 'Nom sous lequel vous y écrivez vous-mêmes',
    damaged: 'Le flux est abîmé par endroits. On en lit ce qui peut l’être.',
  },
  wordpress: {
    server: 'Adresse du site',
    user: 'Nom d’utilisateur sur le site (vide : autoriser sur la page du site)',
    token: 'Mot de passe d’application',
    no_moderation:
      'Ce compte ne peut pas modérer les commentaires : ceux qui attendent une validation ne nous parviennent qu’une fois approuvés.',
  },
  x: {
    client_id: 'Identifiant client de l’application développeur de la marque',
    client_secret: 'Secret client de l’application',
    query: 'Recherche de posts qui nomment la marque sans son identifiant (chaque post trouvé est facturé)',
    bearer: 'Jeton « bearer » de l’application, pour la ligne en direct',
    consumer_secret: 'Secret « consumer » de l’application, pour le webhook',
    exempt: 'L’application a une offre Enterprise et peut répondre à tous',
    token: 'Jeton d’accès, au lieu de la connexion dans le navigateur (valable deux heures)',
    server: 'Adresse de l’API, si ce n’est pas celle de X',
    missing_scopes:
      'L’accès accordé est plus étroit que nécessaire. Connectez le compte de nouveau et autorisez tout.',
    ends_soon:
      'Cette connexion ne peut pas être renouvelée : elle prend fin dans les deux heures. Passez par le navigateur pour la garder.',
  },
  bluesky: {
    identifier: 'Identifiant',
    password: 'Mot de passe d’application (créé là-bas, avec accès aux messages privés)',
    server: 'Serveur, si ce n’est pas bsky.social',
    directory: 'Annuaire des comptes, seulement pour un réseau à vous',
    stream: 'Jetstream, pour être prévenu aussitôt (tout le réseau y passe : plusieurs Go par jour)',
    handle_unproved:
      'L’identifiant et le compte ne se désignent pas l’un l’autre : le compte garde son nom permanent. Vérifiez l’identifiant dans ses réglages.',
    no_messages:
      'Ce mot de passe ne donne pas accès aux messages privés. Créez-en un qui le permet et reconnectez le compte.',
    messages_narrow:
      'Seules les personnes que le compte suit peuvent lui écrire en privé. Autorisez les messages de tous dans ses réglages.',
  },
}
