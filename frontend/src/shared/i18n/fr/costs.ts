/** Les mots de ce que les réseaux font payer, et des budgets. */
export default {
  title: 'Coûts de {handle}',
  back: 'Comptes',
  free: 'Tout est gratuit ici',
  freeWords: 'Ce réseau ne fait rien payer : il n’y a rien à compter.',
  earlier: 'Le mois précédent',
  later: 'Le mois suivant',
  total: 'En tout : {money}',
  nothing: 'Rien n’a été utilisé ce mois-là.',
  days: 'Les jours et ce qui y a été utilisé',
  day: 'Jour (UTC)',
  thing: 'Quoi',
  uses: 'Fois',
  cost: 'Coût',
  kind: { read: 'lecture', write: 'publication', other: 'autre' },
  budget: {
    title: 'Budget',
    words:
      'Pour un mois civil (UTC). Une fois dépensé, ce qui est payant s’arrête : les mentions sont lues plus tard et les réponses refusées. Le mois suivant, ou un budget plus grand, permet de continuer.',
    fine: '{used} sur {limit} sont utilisés ce mois-ci.',
    warned:
      '{used} sur {limit} sont utilisés ce mois-ci : le budget risque d’être dépensé avant la fin du mois.',
    spent: '{used} sur {limit} sont utilisés ce mois-ci : lecture et publication sont arrêtées.',
    limit: 'Dollars américains par mois',
    limitHint: 'Vide : sans limite.',
    limitWrong: 'Écrivez un montant comme 25 ou 12,50.',
    warn: 'Avertir à (pour cent)',
    warnWrong: 'Écrivez un nombre de 1 à 100.',
    save: 'Enregistrer le budget',
    kept: 'Le budget est enregistré.',
  },
  prices: {
    title: 'Prix',
    words:
      'Pour une utilisation, en dollars américains. Corrigez ce qui diffère pour vous ; ce qui est déjà compté reste.',
    thing: 'Quoi',
    declared: 'Prix connu',
    own: 'Votre prix',
    ownOf: 'Votre prix pour : {thing}',
    wrong: 'Écrivez un montant comme 0,015.',
    save: 'Enregistrer',
    kept: 'Le prix est enregistré.',
  },
  banner: {
    warned: '{handle} a utilisé {used} de son budget de {limit} pour ce mois.',
    spent:
      '{handle} a dépensé son budget de {limit} pour ce mois : rien n’y est lu et les réponses sont refusées.',
    look: 'Coûts',
  },
  reply: 'Coûte {money}',
  replyWithLink: 'Avec un lien : coûte {money}',
}
