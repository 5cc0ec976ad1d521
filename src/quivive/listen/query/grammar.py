"""The grammar of the query language, in lark's notation (LALR).

The last group of terminals names common mistakes: no rule accepts them, so that a mistake is
found at its own place instead of where the parser happens to stumble over it.
The pictures of ``docs/pathway/query.md`` are drawn from it.
"""

ENDS = r"(?![^\s()\"“”«»])"
"""What follows an operator: a space, a bracket, a quotation mark or the end."""

_QUOTED = r"(?:\"[^\"\r\n]*\"|“[^”\r\n]*”|«[^»\r\n]*»)"

GRAMMAR = rf"""
start: NEWLINE? line (NEWLINE line)* NEWLINE?
?line: both (OR both)*               -> either
?both: clause (AND? clause)*         -> both
?clause: close | (NOT | MINUS) close -> negated
?close: atom (NEAR atom)*            -> near
?atom: WORD                          -> word
    | FUZZY                          -> fuzzy
    | PHRASE                         -> phrase
    | LOOSE                          -> loose
    | FIELD                          -> field
    | SCOPE "(" line ")"             -> scope
    | SENTENCE "(" line ")"          -> sentence
    | "(" line ")"

AND.5: /(?:AND|ET){ENDS}/
OR.5: /(?:OR|OU){ENDS}/
NOT.5: /(?:NOT|SAUF){ENDS}/
NEAR.5: /O?NEAR(?:\/\d*)?{ENDS}/
SENTENCE.5: /SENTENCE(?=\()/
MINUS.4: /-(?=\S)/
SCOPE.4: /[^\W\d_]+:(?=\()/
FIELD.3: /[^\W\d_]+:(?:{_QUOTED}|[^\s()"“”«»]*)/
LOOSE.4: /{_QUOTED}~\d*/
FUZZY.4: /\w+~\d*{ENDS}/
PHRASE.3: /{_QUOTED}/
WORD.1: /[^\s()"“”«»-][^\s()"“”«»]*(?:[(](?:e|s|es|ne|nes)[)]s?{ENDS})?/
NEWLINE: /[\r\n]\s*/
%ignore /[^\S\r\n]+/

LONE_MINUS.4: /-(?!\S)/
UNCLOSED.2: /["“«][^\r\n]*/
UNOPENED.2: /[”»]/
"""
