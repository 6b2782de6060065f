/** Les mots de la page de connexion. */
export default {
  title: 'Se connecter',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  go: 'Se connecter',
  welcome: 'Les mentions deviennent des tickets, les tickets reçoivent des réponses.',
  slow: 'Trop de tentatives. Vous pourrez réessayer {seconds, plural, one {dans # seconde} other {dans # secondes}}.',
  slowOver: 'Vous pouvez réessayer.',
}
