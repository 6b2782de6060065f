/** Les mots de la page des comptes. */
export default {
  title: 'Comptes',
}
