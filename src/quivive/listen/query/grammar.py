"""The grammar of the query language, in lark's notation (LALR).

The last group of terminals names common mistakes: no rule accepts them, so that a mistake is
found at its own place instead of where the parser happens to stumble over it.
"""

ENDS = r"(?![^\s()\"“”«»])"
"""What follows an operator: a space, a bracket, a quotation mark or the end."""

GRAMMAR = rf"""
start: NEWLINE? line (NEWLINE line)* NEWLINE?
?line: both (OR both)*               -> either
?both: clause (AND? clause)*         -> both
?clause: atom | (NOT | MINUS) atom   -> negated
?atom: WORD                          -> word
    | PHRASE                         -> phrase
    | FIELD                          -> field
    | "(" line ")"

AND.5: /(?:AND|ET){ENDS}/
OR.5: /(?:OR|OU){ENDS}/
NOT.5: /(?:NOT|SAUF){ENDS}/
MINUS.4: /-(?=\S)/
FIELD.3: /[^\W\d_]+:(?:"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»|[^\s()"“”«»]*)/
PHRASE.3: /"[^"\r\n]*"|“[^”\r\n]*”|«[^»\r\n]*»/
WORD.1: /[^\s()"“”«»-][^\s()"“”«»]*(?:[(](?:e|s|es|ne|nes)[)]s?{ENDS})?/
NEWLINE: /[\r\n]\s*/
%ignore /[^\S\r\n]+/

LONE_MINUS.4: /-(?!\S)/
UNCLOSED.2: /["“«][^\r\n]*/
UNOPENED.2: /[”»]/
"""
