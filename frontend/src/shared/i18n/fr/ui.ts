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
  language: 'Langue',
  noDuration: 'Écrivez une durée, par exemple « 30 min », « 4 h » ou « 2 jours ».',
}
