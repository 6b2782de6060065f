/** Les mots des éléments de base. */
export default {
  toasts: 'Avis',
  dismiss: 'Masquer',
  close: 'Fermer',
  cancel: 'Annuler',
  save: 'Enregistrer',
  chosen: 'choisi',
  nothingFound: 'Aucun résultat.',
  loading: 'Chargement',
  retry: 'Réessayer',
}
