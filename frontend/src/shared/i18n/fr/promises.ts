/** Les mots de la page des engagements. */
export default {
  title: 'Engagements',
}
