"""Where quotes mean nothing, rejects can be read again as they are, or are refused in words."""

from pathlib import Path

import pytest
from mappings import REPORTS
from taking_files import sent, took, written

from deploy.given import WrongFileError

MAPPING = (
    REPORTS.replace("[[event]]", '[file]\nquote = ""\n[[event]]')
    + """report = "{#file}/{#row}"
place = "us"
sector = "trees"
filed_at = { instant = "at" }
text = "{text}"
"""
)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("escape", ["", "\\"])
def test_rejects_can_be_read_again(separator: str, escape: str, tmp_path: Path) -> None:
    mapping = MAPPING.replace(
        'quote = ""', f"quote = \"\"\nescape = '{escape}'" if escape else 'quote = ""'
    )
    text = f'6" pipe{escape}{separator} "broken' if escape else '6" pipe'
    rows = ["id|at|text", "1|2031-01-07|x", f"2|soon|{text}"]
    content = "\n".join(rows).replace("|", separator) + "\n"
    file = written(tmp_path, mapping, content)
    taken, _ = took(file, tmp_path / "rejects.csv")
    taken.close()
    rejects = tmp_path / "rejects.csv"
    rejects.write_text(rejects.read_text().replace("soon", "2031-01-08"))
    (again,) = sent(rejects)
    assert (again["id"], again["report"]) == ("2", "rows.csv/2")
    assert again["text"] == text.replace("\\", "")


def test_a_file_whose_name_can_t_be_written_is_refused_in_words(tmp_path: Path) -> None:
    file = written(tmp_path, MAPPING, "id,at,text\n1,soon,x\n", name="rows, all.csv")
    with pytest.raises(WrongFileError, match=r'no file of rejects .* "rows, all.csv#1"\. Give the'):
        took(file, tmp_path / "rejects.csv")
    assert not (tmp_path / "rejects.csv").exists()
    assert not list(tmp_path.glob("*.part"))
