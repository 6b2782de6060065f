// Every word of the page, in English and French, chosen by the browser's language.
const english = {
  title: "Sandbox",
  who: "Who are you?",
  whoHelp: "Choose a customer, or make one. Nothing leaves this machine.",
  newName: "Name of a new customer",
  newNameHint: "A new name, e.g. Nora Lind",
  add: "Add",
  say: "Write to {brand}",
  placeholder: "What is wrong with your order?",
  public: "Public",
  private: "Private",
  publicHelp: "Everybody can read it.",
  privateHelp: "Only {brand} can read it.",
  warning: "Content warning",
  warningText: "What it is about, in a few words",
  picture: "Picture",
  alt: "What can be seen in this picture",
  remove: "Remove",
  post: "Post",
  reply: "Reply",
  replyTo: "Reply to {who}",
  edit: "Edit",
  save: "Save",
  cancel: "Cancel",
  delete: "Delete",
  reallyDelete: "Really delete?",
  show: "Show",
  hide: "Hide",
  edited: "edited",
  privately: "private",
  threads: "Your conversations",
  allThreads: "What people say",
  oneThread: "One conversation",
  noThreads: "Nothing yet. Write something to {brand}; the answer appears here by itself.",
  gone: "This post is not there any more.",
  back: "Back to the sandbox",
  live: "Live",
  lost: "Not connected; trying again",
  noBrand: "There is no brand yet. Start the demo, or give one a name here.",
  brandName: "Handle of the brand, e.g. acme",
  makeBrand: "Make the brand",
  first: "Begin by choosing who you are.",
  to: "To",
  now: "now",
  original: "Open this conversation",
};
const french = {
  title: "Bac à sable",
  who: "Qui êtes-vous ?",
  whoHelp: "Choisissez un client ou créez-en un. Rien ne sort de cette machine.",
  newName: "Nom d’un nouveau client",
  newNameHint: "Un nouveau nom, p. ex. Nora Lind",
  add: "Ajouter",
  say: "Écrire à {brand}",
  placeholder: "Qu’est-ce qui ne va pas avec votre commande ?",
  public: "Public",
  private: "Privé",
  publicHelp: "Tout le monde peut le lire.",
  privateHelp: "Seul {brand} peut le lire.",
  warning: "Avertissement",
  warningText: "De quoi il s’agit, en quelques mots",
  picture: "Image",
  alt: "Ce que l’on voit sur cette image",
  remove: "Retirer",
  post: "Publier",
  reply: "Répondre",
  replyTo: "Répondre à {who}",
  edit: "Modifier",
  save: "Enregistrer",
  cancel: "Annuler",
  delete: "Supprimer",
  reallyDelete: "Supprimer pour de bon ?",
  show: "Afficher",
  hide: "Masquer",
  edited: "modifié",
  privately: "privé",
  threads: "Vos conversations",
  allThreads: "Ce que disent les gens",
  oneThread: "Une conversation",
  noThreads: "Rien pour l’instant. Écrivez à {brand} : la réponse apparaîtra ici d’elle-même.",
  gone: "Ce message n’existe plus.",
  back: "Retour au bac à sable",
  live: "En direct",
  lost: "Connexion perdue, nouvel essai",
  noBrand: "Il n’y a pas encore de marque. Lancez la démo, ou donnez-lui un nom ici.",
  brandName: "Identifiant de la marque, p. ex. acme",
  makeBrand: "Créer la marque",
  first: "Commencez par choisir qui vous êtes.",
  to: "À",
  now: "à l’instant",
  original: "Ouvrir cette conversation",
};

export const language = navigator.language.toLowerCase().startsWith("fr") ? "fr" : "en";
const words = language === "fr" ? french : english;

/** The words of a key, with {names} filled in. */
export function word(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const exact = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" });
const steps = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [2592000, "day", 86400], [31536000, "month", 2592000]];

/** How long ago an instant is. */
export function ago(iso) {
  const seconds = (Date.now() - Date.parse(iso)) / 1000;
  if (seconds < 10) return word("now");
  for (const [below, unit, size] of steps) if (seconds < below) return relative.format(-Math.floor(seconds / size), unit);
  return relative.format(-Math.floor(seconds / 31536000), "year");
}

/** The instant in full. */
export const exactly = (iso) => exact.format(new Date(iso));
