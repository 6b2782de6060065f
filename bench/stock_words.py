"""What the people of the stock say: texts in six languages whose words are as frequent as words are."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from app.tickets.search_words import words

COMMON: Final = "nordlicht"
"""A word, the name of a product, that stands in a fifth of all messages, in every language."""
TIMES_RARE: Final = 20
"""How many messages have a rare word in common."""
SHARES: Final = {"en": 45, "de": 20, "fr": 12, "es": 10, "ja": 8, "pt": 5}
"""How many of a hundred tickets are in each language."""

_TEXTS: Final = 200
_INVENTED: Final = 3000
_MANNERS: Final = {
    "en": (
        "the to my is and it not I a you for still order when app of with this please since in how back money on help was"
        " why have again anyone nobody answer days two after update broken card works just thanks what can your from"
        " parcel number invoice wrong address twice today password screen battery refund"
    ),
    "de": (
        "die ich nicht der und mein ist seit das es bei ihr auf noch bitte wann mit wieder für Bestellung eine zu App von"
        " Geld zurück kann man warum keine Antwort heute schon zwei Tage nach Aktualisierung geht gar nichts mehr danke"
        " Paket Rechnung falsch Adresse doppelt Passwort Akku hilfe Größe überall"
    ),
    "fr": (
        "de la le je mon ne pas est et vous depuis que commande à les une toujours quand pour application bonjour avec"
        " encore pourquoi merci remboursement déjà personne répond deux jours après mise jour carte marche plus colis"
        " facture adresse fausse reçu téléphone écran batterie ça où"
    ),
    "es": (
        "de no mi el la que y en desde pedido por hola cuándo con aplicación todavía gracias nadie responde dos días"
        " dinero devolución tarjeta otra vez después actualización paquete factura dirección teléfono pantalla batería"
        " ayuda favor mañana está aún"
    ),
    "pt": (
        "de o não meu e a que pedido desde com por favor quando aplicativo ainda obrigado ninguém responde dois dias"
        " dinheiro devolução cartão outra vez depois atualização pacote fatura endereço telefone tela bateria ajuda já"
        " está amanhã"
    ),
}
_JAPANESE: Final = (
    "注文した商品がまだ届きません",
    "アプリが開かなくなりました",
    "返金はいつになりますか",
    "住所を変更したいです",
    "電池がすぐに切れます",
    "二回請求されています",
    "返事をお願いします",
    "昨日から使えません",
    "ありがとうございました",
    "画面が真っ暗です",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One text, and its words as the search files them."""

    language: str
    place: int
    text: str
    words: list[str]


def pieces() -> Iterator[Piece]:
    """Texts for every language; the same at every call."""
    drawn = random.Random(7)
    for language in SHARES:
        draw = _drawing(language, drawn)
        for place in range(_TEXTS):
            said = " ".join(draw() for _ in range(drawn.choice((6, 8, 10, 12, 14, 18) if language != "ja" else (2, 3))))
            text = f"{said} {COMMON.title()}" if place % 5 == 0 else said
            yield Piece(language, place, text, words(text))


def rare_word(place: int) -> str:
    """A word that stands in 20 messages; there is one for each place below 3 * tickets / 20."""
    return f"zq{place:06x}"


def _drawing(language: str, drawn: random.Random) -> Callable[[], str]:
    """A way to draw words: the frequent ones of the language, and many invented ones, each rarer than the one before."""
    if language == "ja":
        known = list(_JAPANESE)
    else:
        known = [*_MANNERS[language].split(), *(_invented(drawn) for _ in range(_INVENTED))]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(known))))
    return lambda: drawn.choices(known, cum_weights=weights)[0]


def _invented(drawn: random.Random) -> str:
    return "".join(drawn.choice("bdfgklmnprstv") + drawn.choice("aeiou") for _ in range(drawn.randint(2, 4)))
