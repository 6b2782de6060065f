/** Les mots de la première visite. */
export default {
  title: 'Installer Mentiondesk',
  words: 'Vous êtes la première personne ici. Créez votre accès ; vous serez responsable de ce desk.',
  name: 'Votre nom',
  email: 'Adresse e-mail',
  password: 'Mot de passe',
  passwordHint: 'Au moins 8 caractères.',
  brand: 'Nom de la marque',
  brandHint: 'La voix avec laquelle vous répondez. D’autres pourront suivre.',
  next: 'Ensuite, vous connecterez un compte de cette marque.',
  go: 'Commencer',
}
