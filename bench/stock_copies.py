"""What tells one copy of a mould from another: its names, people, words and times, as the columns of a subquery `x`."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

import psycopg
from psycopg import sql

from bench.stock_cast import Cast
from bench.stock_desk import BRANDS, LABELS, Desk
from bench.stock_moulds import Mould
from bench.stock_words import SHARES, pieces

DAYS: Final = 60
"""The tickets of a stock were opened in so many days before it was made, evenly."""
PER_CUSTOMER: Final = 2.5
_FIRST: Final = [
    "Anna",
    "Ben",
    "Carla",
    "David",
    "Elena",
    "Felix",
    "Greta",
    "Hugo",
    "Ines",
    "Jonas",
    "Karla",
    "Leo",
    "Maria",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Tom",
    "Uma",
    "Vera",
]
_LAST: Final = [
    "Adler",
    "Brandt",
    "Costa",
    "Dubois",
    "Ekberg",
    "Fischer",
    "Garcia",
    "Hansen",
    "Ito",
    "Jansen",
    "Keller",
    "Lopez",
    "Meyer",
    "Novak",
    "Olsen",
    "Petit",
]

_TABLES: Final = """
create schema stock;
create table stock.pieces (key int primary key, text text, words tsvector);
create table stock.voices (
  key int primary key, brand_id text, account_id text, voice text, brand_name text, agents text[], words tsvector);
create sequence stock.log cache 10000;
"""
_PEOPLE: Final = """
  'cu_' || lpad(to_hex({c}), 12, '0') || substr(md5({c}::text), 1, 14) as customer_id,
  'id_' || lpad(to_hex({c}), 12, '0') || substr(md5({c}::text), 1, 14) as identity_id,
  (109000000 + {c})::text as author, 'c' || {c} as handle, ({first})[1 + {c} % {firsts}] as first,
  ({last})[1 + {c} / {firsts} % {lasts}] as last
"""
_COPIES: Final = """
(select n, made, t0, n::text as number,
  'tk_' || id || '00' as ticket_id, 'cv_' || id || '01' as conversation1,
  'ms_' || id || '11' as message1, 'ms_' || id || '12' as message2, 'ms_' || id || '13' as message3,
  'rp_' || id || '21' as reply1, 'nt_' || id || '31' as note1,
  (118000000000 + n * 4)::text as post1, (118000000001 + n * 4)::text as post2, (118000000002 + n * 4)::text as post3,
  customer_id, identity_id, author, handle, first || ' ' || last as name,
  v.brand_id, v.account_id, v.voice, v.brand_name, v.agents[1 + hash2 % cardinality(v.agents)] as agent_id,
  ({languages})[tongue + 1] as language, ({labels})[1 + hash3 % {label_count}] as label,
  p1.text || ' ' || rare1 as text1, p2.text || ' ' || rare2 as text2, p3.text || ' ' || rare3 as text3,
  p1.words || array_to_tsvector(array[rare1]) as words1, p2.words || array_to_tsvector(array[rare2]) as words2,
  p3.words || array_to_tsvector(array[rare3]) as words3, v.words as voices,
  array_to_tsvector(array[handle, lower(first), lower(last), 'stock', 'example']) as names,
  md5(n || 'key') as key, md5(n || 'note') as note, md5(n || 'a') || md5(n || 'b') as fingerprint,
  md5(n || 'c') || substr(md5(n || 'd'), 1, 8) as sending_key{instants}
 from (
  select n, made, t0, c, hash2, hash3, tongue, {people},
    lpad(to_hex((extract(epoch from t0) * 1000)::bigint), 12, '0') || lpad(to_hex(n), 7, '0')
      || substr(md5(n::text), 1, 5) as id,
    'zq' || lpad(to_hex((3 * n) % {rare}), 6, '0') as rare1, 'zq' || lpad(to_hex((3 * n + 1) % {rare}), 6, '0') as rare2,
    'zq' || lpad(to_hex((3 * n + 2) % {rare}), 6, '0') as rare3
   from (
    select n, made, made - interval '{days} days' + floor(n * {spread}) * interval '1 second' as t0,
      1 + floor({customers} * (((hashint8extended(n, 1) & 1073741823) / 1073741824.0::float8) ^ 1.3))::bigint as c,
      (hashint8extended(n, 2) & 65535)::int as hash2, (hashint8extended(n, 3) & 65535)::int as hash3,
      ({tongues})[1 + (hashint8extended(n, 4) & 65535) % 100] as tongue
     from (select hundred + place as n, {made}::timestamptz as made
      from generate_series({start}::bigint, {end}::bigint, 100) hundred, unnest({places}::bigint[]) place offset 0) it
   ) one
 ) two
 left join stock.voices v on v.key = (c * 7919) % 100
 left join stock.pieces p1 on p1.key = tongue * 200 + (hash2 + hash3) % 200
 left join stock.pieces p2 on p2.key = tongue * 200 + (hash2 * 3 + hash3) % 200
 left join stock.pieces p3 on p3.key = tongue * 200 + (hash2 + hash3 * 5) % 200
 offset 0) x
"""
_CUSTOMERS: Final = """
(select n, t0, customer_id, identity_id, author, handle, first || ' ' || last as name from (
   select n, {made}::timestamptz - interval '{days} days' as t0, {people} from generate_series({start}::bigint, {end}::bigint) n
 ) one offset 0) x
"""


def lay_out(connection: psycopg.Connection, desk: Desk) -> None:
    """Put the texts and the voices where copies can find them."""
    connection.execute(_TABLES)
    with connection.cursor().copy("copy stock.pieces (key, text, words) from stdin") as copy:
        for place, piece in enumerate(pieces()):
            copy.write_row((place, piece.text, " ".join(f"'{word}'" for word in piece.words)))
    ends = list(accumulate(BRANDS.values()))
    for key in range(100):
        at = next(i for i, end in enumerate(ends) if key < end)
        name = list(BRANDS)[at]
        connection.execute(
            "insert into stock.voices select %s, %s, %s, %s, %s, %s, array_to_tsvector(%s::text[])",
            [
                key,
                desk.brand_ids[at],
                desk.account_ids[at],
                f"voice{at}",
                name,
                [agent.agent_id for agent in desk.agents[at]],
                [f"voice{at}", "stock", "example"],
            ],
        )
    connection.execute("analyze stock.pieces, stock.voices")


def copies(made: Cast, at: str, tickets: int, start: int, end: int, places: Sequence[int]) -> str:
    """The copies of one mould, at these places of each hundred among the tickets `start` to `end`, as the subquery x."""
    label_places = [label for rank, label in enumerate(LABELS) for _ in range(max(1, 10 // (rank + 1)))]
    tongues = [place for place, share in enumerate(SHARES.values()) for _ in range(share)]
    return _COPIES.format(
        languages=_array(list(SHARES)),
        labels=_array(label_places),
        label_count=len(label_places),
        instants="".join(
            f""",\n  to_char((t0 + interval '{after} seconds') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS') as {name}"""
            for after, name in made.instants.items()
        ),
        people=_people("c"),
        rare=max(1, 3 * tickets // 20),
        days=DAYS,
        spread=DAYS * 86_400 / tickets,
        customers=how_many_customers(tickets),
        tongues=_array(tongues),
        start=start - 1,
        end=end - 1,
        made=_literal(at),
        places=_array(list(places)),
    )


def customers(at: str, start: int, end: int) -> str:
    """The customers from `start` to `end`, as the subquery x."""
    return _CUSTOMERS.format(made=_literal(at), days=DAYS + 1, people=_people("n"), start=start, end=end)


def how_many_customers(tickets: int) -> int:
    """How many people wrote these tickets; few of them wrote many."""
    return max(1, int(tickets / PER_CUSTOMER))


def places(moulds: Sequence[Mould], age: int) -> list[list[int]]:
    """For each mould, which of a hundred tickets of that age are its copies."""
    ends = list(accumulate(mould.shares[age] for mould in moulds))
    if ends[-1] != 100:
        raise RuntimeError("The shares of an age must add up to a hundred.")
    begins = [0, *ends]
    return [[n for n in range(1, 101) if begin <= n * 37 % 100 < end] for begin, end in zip(begins, ends, strict=False)]


def _people(number: str) -> str:
    return _PEOPLE.format(c=number, first=_array(_FIRST), firsts=len(_FIRST), last=_array(_LAST), lasts=len(_LAST))


def _array(values: list[str] | list[int]) -> str:
    return "array[" + ", ".join(_literal(value) for value in values) + "]"


def _literal(value: object) -> str:
    return sql.Literal(value).as_string(None)
