"""What a plain query is made of: one that only reads columns of tables, joined by a column of each.

Nothing in it depends on the engine but its columns: each is compared, joined and ordered alike wherever it stands. A
query with a function (but the count of its rows), a group, a query inside it or a column of its own making is no plain
one.
"""

import re

NAME = r'(?:"\w+"|\w+)'
COLUMN = rf"{NAME}\.{NAME}"
ONE = rf"\(?(?:%s|{COLUMN})\)?"
COMPARED = re.compile(
    rf"{COLUMN} (?:(?:[<>]?=|[<>]) {ONE}|IN \(%s\)|IS (?:NOT )?NULL|LIKE %s(?: ESCAPE '.?')?|BETWEEN %s AND %s)"
    rf"|{COLUMN}(?= AND | OR |\)|$)"
)
BETWEEN = re.compile(r"(?:x|NOT|AND|OR|[() ])*")
READ = rf'(?:{COLUMN}|%s|COUNT\(\*\))(?: AS "\w+")?'
JOIN = rf"(?:INNER|LEFT OUTER) JOIN {NAME}(?: \w+)? ON \({COLUMN} = {ONE}\)"
ORDER = rf"(?:{COLUMN}|0) (?:ASC|DESC)"
PLAIN = re.compile(
    rf"SELECT {READ}(?:, {READ})* FROM (?P<table>{NAME})(?: (?P<joins>{JOIN}(?: {JOIN})*))?(?: WHERE (?P<where>.+?))?"
    rf"(?: ORDER BY (?P<order>{ORDER}(?:, {ORDER})*))?(?: LIMIT 0)?(?: OFFSET 0)?"
)
ALIAS = re.compile(rf"JOIN ({NAME}) (\w+) ON")


def parts(sql: str) -> list[str]:
    """Those of a plain query without values, by the names of its tables; none of any other."""
    for table, name in ALIAS.findall(sql):
        sql = re.sub(rf"\b{name}\.", f"{table}.", sql)
    found = PLAIN.fullmatch(sql)
    if found is None or not BETWEEN.fullmatch(COMPARED.sub("x", found["where"] or "")):
        return []
    return [
        f"FROM {found['table']}",
        *re.findall(JOIN, found["joins"] or ""),
        *COMPARED.findall(found["where"] or ""),
        *(f"ORDER BY {one}" for one in (found["order"] or "").split(", ") if one),
    ]
