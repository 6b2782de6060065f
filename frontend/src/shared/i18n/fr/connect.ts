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
}
