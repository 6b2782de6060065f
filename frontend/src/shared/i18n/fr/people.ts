/** Les mots de la page de l’équipe. */
export default {
  title: 'Équipe',
}
