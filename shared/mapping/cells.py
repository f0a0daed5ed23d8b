"""What single cells become, or why one can't be what it should."""

from collections.abc import Callable

from shared.mapping.codes import code_of, folded
from shared.mapping.template import Row
from shared.mapping.value_rules import TruthRule, WordsRule


class CellError(ValueError):
    """One cell is not what it should be; the hint, if there is one, says what to do."""

    def __init__(self, column: str, value: str, words: str, hint: Callable[[], str] = str) -> None:
        super().__init__(f'{column}: "{value}" {words}')
        self.column, self.value, self.words, self.hint = column, value, words, hint


LONGEST_NAME = 300
"""What is longer is no name, and codes are remembered by them."""


def coded(column: str, name: str) -> str:
    if not name:
        raise CellError(column, name, 'is empty; "empty" in the mapping may say what it stands for')
    if len(name) > LONGEST_NAME:
        raise CellError(column, name[:60], "goes on for too long to be a name")
    if not (code := code_of(name)):
        raise CellError(column, name, "gives no code; put it into a table of aliases")
    return code


def by_words(rule: WordsRule) -> Callable[[Row], str]:
    outcomes = {
        outcome: [found for word in words if (found := _with_its_ends(word))]
        for outcome, words in (rule.__pydantic_extra__ or {}).items()
    }

    def outcome_of(row: Row) -> str:
        said = folded(row[rule.words])
        if not said:
            return rule.empty
        for outcome, words in outcomes.items():
            if any(word in said for word in words):
                return outcome
        return rule.otherwise

    return outcome_of


def _with_its_ends(word: str) -> str:
    """Folded; a space at an end stays, by which a word may be told from the parts of others."""
    found = folded(word)
    return f"{' ' * word[:1].isspace()}{found}{' ' * word[-1:].isspace()}" if found else ""


def truth_of(rule: TruthRule) -> Callable[[Row], bool]:
    said = {folded(word): truth for truth in (True, False) for word in (rule.no, rule.yes)[truth]}
    if rule.empty is not None:
        said[""] = rule.empty

    def truth(row: Row) -> bool:
        found = said.get(folded(row[rule.truth]))
        if found is None:
            raise CellError(rule.truth, row[rule.truth], 'is neither in "yes" nor in "no"')
        return found

    return truth
