"""Why a file is not taken, in words."""

from shared.web.language import Marked, marked

REASONS: dict[str, Marked] = {
    "unknown": marked("It is neither a picture (JPEG, PNG or WebP) nor a PDF."),
    "gif": marked("GIF pictures are not taken. Save it as PNG, and send that."),
    "heic": marked("HEIC pictures are not taken. Have it saved as JPEG, and send that."),
    "large": marked("It is larger than 10 MB."),
    "dots": marked("The picture has too many dots. Make it smaller, and send that."),
    "moving": marked("Moving pictures are not taken. Save one picture of it, and send that."),
    "damaged": marked("It can not be read as what it begins as. Perhaps it is cut off."),
    "locked": marked("The PDF is locked. Save it without a password, and send that."),
    "pages": marked("The PDF has no pages, or more than 200."),
    "document": marked(
        "Not all that is hidden in this PDF can be taken out. Send pictures of its pages."
    ),
    "pdf": marked("Only pictures (JPEG, PNG or WebP) go with a finding."),
    "pictures": marked("No more than 3 pictures go with one finding, and 20 MB at once."),
    "many": marked("No more than 10 files go with one report, and 20 MB at once."),
}
"""By what `UncleanError` says."""
